/** How many rejections nobody handled. The test runner, which would end the run for them, does not see them. */
export async function rejectionsDuring(call: () => Promise<void>): Promise<number> {
  const runners = process.listeners("unhandledRejection");
  let count = 0;
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", () => {
    count += 1;
  });
  try {
    await call();
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of runners) process.on("unhandledRejection", listener);
  }
  return count;
}
