using System.Diagnostics;

namespace MiniKube.TestSupport;

/// <summary>Waits for a condition with a deadline, never for a time to pass.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer satisfies; at the deadline throws with the last answer.</summary>
    public static async Task<T> GetAsync<T>(
        Func<CancellationToken, Task<T>> ask, Func<T, bool> satisfies, TimeSpan within, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask(cancellationToken);
            if (satisfies(answer))
            {
                return answer;
            }

            if (started.Elapsed > within)
            {
                throw new TimeoutException($"Not so within {within}. The last answer:\n{answer}");
            }

            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }
}
