using System.Runtime.ExceptionServices;

namespace MiniKube.ControllerManager.Apps;

/// <summary>
/// Does the same thing many times: one, then two, four, … at once, and stops doubling at the first failure. A quota or an admission rule that refuses one pod is not asked five hundred times.
/// </summary>
internal static class SlowStart
{
    /// <returns>How many succeeded, and the first failure if there was one.</returns>
    public static async Task<(int Succeeded, ExceptionDispatchInfo? Failure)> RunAsync(
        int count, Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        var succeeded = 0;
        for (var batch = Math.Min(1, count); batch > 0; batch = Math.Min(2 * batch, count - succeeded))
        {
            var tasks = Enumerable.Range(0, batch).Select(_ => TryAsync(action, cancellationToken)).ToArray();
            var failures = (await Task.WhenAll(tasks)).OfType<ExceptionDispatchInfo>().ToList();
            succeeded += batch - failures.Count;
            if (failures.Count > 0)
            {
                return (succeeded, failures[0]);
            }
        }

        return (succeeded, null);
    }

    private static async Task<ExceptionDispatchInfo?> TryAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action(cancellationToken);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }
}
