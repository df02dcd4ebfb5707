namespace MiniKube.Benchmarks.Load;

/// <summary>
/// Mixed work for some minutes: how much memory grows by the hour. Only then is it a leak that is seen: the work goes on for six minutes before, by when the history of
/// changes, which is kept that long, is as full as it gets.
/// </summary>
internal sealed class SoakWorkload(LoadTarget target, TimeProvider clock, TimeSpan duration, int pods)
{
    private const int Clients = 16;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        if (target.Process is not { } process)
        {
            return [];
        }

        var started = clock.GetTimestamp();
        var work = new MixedWorkload(target, clock, WarmUp + duration, pods).RunAsync(Clients, cancellationToken);
        var samples = new List<(double Hours, double Mebibytes)>();
        using var timer = new PeriodicTimer(Period, clock);
        while (!work.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (clock.GetElapsedTime(started) is var elapsed && elapsed > WarmUp)
            {
                samples.Add((elapsed.TotalHours, process.ResidentMebibytes()));
            }
        }

        var name = $"soak, {duration.TotalMinutes:0} min";
        return
        [
            .. (await work).Select(figure => figure with { Name = $"{name}: {figure.Name}" }),
            new Figure($"{name}: memory (RSS)", "MiB", [.. samples.Select(sample => sample.Mebibytes)], ""),
            new Figure($"{name}: growth of memory (least squares)", "MiB/h", [Slope(samples)], ""),
        ];
    }

    private static double Slope(List<(double Hours, double Mebibytes)> samples)
    {
        var (hours, mebibytes) = (samples.Average(sample => sample.Hours), samples.Average(sample => sample.Mebibytes));
        return samples.Sum(sample => (sample.Hours - hours) * (sample.Mebibytes - mebibytes)) / samples.Sum(sample => (sample.Hours - hours) * (sample.Hours - hours));
    }
}
