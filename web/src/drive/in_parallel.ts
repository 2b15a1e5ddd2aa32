/** Runs `work` on every item, four at a time, and tells which ones came through. Never rejects. */
export async function inParallel<Item>(
  items: readonly Item[], work: (item: Item) => Promise<void>,
): Promise<{ done: Item[]; failed: { item: Item; error: unknown }[] }> {
  const done: Item[] = [];
  const failed: { item: Item; error: unknown }[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const item = items[next++]!;
      await work(item).then(
        () => void done.push(item),
        (error: unknown) => void failed.push({ item, error }),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, items.length) }, worker));
  return { done, failed };
}
