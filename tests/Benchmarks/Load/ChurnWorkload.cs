namespace MiniKube.Benchmarks.Load;

/// <summary>Creates and deletes many pods, and waits until the memory that this took has come back.</summary>
internal sealed class ChurnWorkload(LoadTarget target, TimeProvider clock)
{
    private const int Workers = 64;

    private const int WarmUpPart = 10;

    // What is kept for watchers and for reads of old revisions goes after five minutes, and with the compaction after that.
    private static readonly TimeSpan History = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private const double Within = 1.1;

    public async Task<IReadOnlyList<Figure>> RunAsync(int pods, CancellationToken cancellationToken)
    {
        if (target.Process is not { } process)
        {
            return [];
        }

        // What a process compiles and sets up once, for its first thousands of writes, is not what they leave behind.
        await ChurnAsync("warm", pods / WarmUpPart, cancellationToken);
        await Task.Delay(History, clock, cancellationToken);
        var before = process.ResidentMebibytes();
        var started = clock.GetTimestamp();
        await ChurnAsync("churn", pods, cancellationToken);
        var took = clock.GetElapsedTime(started);
        var after = process.ResidentMebibytes();
        var settled = await WaitAsync(process, before * Within, cancellationToken);
        var name = $"churn, {pods} pods created and deleted";
        return
        [
            new Figure($"{name}: creates and deletes", "/s", [2 * pods / took.TotalSeconds], ""),
            new Figure($"memory (RSS), before the churn", "MiB", [before], ""),
            new Figure($"memory (RSS), at the end of the churn", "MiB", [after], ""),
            new Figure($"memory (RSS), come back", "MiB", [process.ResidentMebibytes()], ""),
            new Figure($"{name}: until memory is within 10 % of before", "s", [settled.TotalSeconds], ""),
        ];
    }

    private Task ChurnAsync(string prefix, int pods, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, Workers), new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken }, async (worker, token) =>
            {
                using var connection = target.Connect();
                for (var number = worker; number < pods; number += Workers)
                {
                    await CreateAndDeleteAsync(connection, $"{prefix}-{number}", number, token);
                }
            });

    private static async Task CreateAndDeleteAsync(HttpClient connection, string name, int number, CancellationToken cancellationToken)
    {
        using var body = PodBodies.Create(name, number);
        using var created = await connection.PostAsync("/api/v1/namespaces/default/pods", body, cancellationToken);
        created.EnsureSuccessStatusCode();
        using var deleted = await connection.DeleteAsync($"/api/v1/namespaces/default/pods/{name}?gracePeriodSeconds=0", cancellationToken);
        deleted.EnsureSuccessStatusCode();
    }

    /// <summary>How long it took until memory was down; the limit if it was not.</summary>
    private async Task<TimeSpan> WaitAsync(ServerProcess process, double mebibytes, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (process.ResidentMebibytes() > mebibytes && clock.GetElapsedTime(started) < Limit)
        {
            await Task.Delay(Poll, clock, cancellationToken);
        }

        return clock.GetElapsedTime(started);
    }
}
