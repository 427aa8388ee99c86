const ATTEMPTS = 3;

/** On a busy machine a director may not be ready in time: that says nothing of it, and is tried again. */
export async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      console.error(`repeated: ${(error as Error).message}`);
    }
  }
}
