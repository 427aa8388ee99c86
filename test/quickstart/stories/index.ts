import type { Story } from '../story';
import { nat } from './nat';

export const stories = { nat } as const satisfies Record<string, Story>;
