import type { Lab } from '../lab';
import { type Program, playStory, programs } from './play';
import { dr } from './stories/dr';
import type { StoryReport } from './story';

export { type Program, programs };

/** Plays the classic LVS tutorial. @param setUp see `playStory`. */
export function runTutorial(lab: Lab, setUp: string = programs.node): Promise<StoryReport> {
  return playStory(lab, dr, setUp);
}
