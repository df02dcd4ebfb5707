using System.Globalization;

using MiniKube.Cluster.Control;
using MiniKube.Cluster.Hosts;

using Spectre.Console;

namespace MiniKube.Cluster.Demo;

/// <summary>Lets failures happen one after the other while clients work, tells what is to be seen, and ends with a table.</summary>
internal sealed class FailureDemo(ClusterHosts cluster, IAnsiConsole console, LoadJournal? journal)
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastDuration = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LeaderLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StatusPoll = TimeSpan.FromMilliseconds(500);

    private readonly FailureMenu _menu = new(cluster);
    private readonly TimeProvider _clock = cluster.Clock;

    /// <returns>Whether nothing was lost and no client that tries again failed.</returns>
    public async Task<bool> RunAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        console.MarkupLineInterpolated($"16 clients create, update, delete, get and list through the load balancer, and 20 informers watch. Now for [bold]{names.Count}[/] failures.");
        var results = new List<FailureResult>();
        foreach (var name in names)
        {
            results.Add(await ShowAsync(name, cancellationToken));
        }

        console.Write(Render(results));
        foreach (var lost in results.SelectMany(result => result.Lost))
        {
            console.MarkupLineInterpolated($"[red]lost:[/] {lost}");
        }

        return results.All(result => result is { Lost.Count: 0, Abandoned: 0 });
    }

    private async Task<FailureResult> ShowAsync(string name, CancellationToken cancellationToken)
    {
        await WaitUntilWellAsync(cancellationToken);
        var failure = await _menu.GetAsync(name, cancellationToken);
        console.MarkupLineInterpolated($"[bold]{failure.Title}[/]");
        await using var load = await ClientLoad.StartAsync(cluster, failure.Patience, Random.Shared, cancellationToken);
        await Task.Delay(Steady, _clock, cancellationToken);

        var before = failure.LostMaster is { } held ? await LeadersAsync(held, cancellationToken) : new Dictionary<string, string>();
        var began = _clock.GetTimestamp();
        TimeSpan? newLeaders = null;
        await failure.Inject(cancellationToken);
        try
        {
            Tell(began, "it has happened");
            newLeaders = failure.LostMaster is { } lost ? await WaitForLeadersAsync(before, lost, began, cancellationToken) : null;
            var left = LeastDuration - _clock.GetElapsedTime(began);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock, cancellationToken);
        }
        finally
        {
            // Also when the user has seen enough: a frozen host would stay frozen.
            await failure.Heal(CancellationToken.None);
        }

        Tell(began, "it is mended");
        await WaitUntilWellAsync(cancellationToken);
        Tell(began, "all hosts, units and nodes are well");
        await Task.Delay(Steady, _clock, cancellationToken);
        return await FinishAsync(name, load, newLeaders, cancellationToken);
    }

    private async Task<FailureResult> FinishAsync(string name, ClientLoad load, TimeSpan? newLeaders, CancellationToken cancellationToken)
    {
        var lost = await load.StopAsync(cancellationToken);
        var figures = LoadFigures.Of(load.Attempts);
        journal?.Write(name, load);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {figures.Failed} of {figures.Requests} requests failed, and {load.Abandoned} of clients that try again; no client was without an answer for more than {figures.LongestGap.TotalSeconds:0.0} s; {(lost.Count == 0 ? "nothing" : lost.Count)} was lost"));
        return new FailureResult(name, figures, load.Abandoned, newLeaders, lost);
    }

    /// <summary>As another master says than the lost one.</summary>
    private async Task<IReadOnlyDictionary<string, string>> LeadersAsync(string lost, CancellationToken cancellationToken)
    {
        using var probe = ApiProbe.OfMaster(cluster, cluster.With(cluster.Layout.Masters.Where(master => master.Name != lost)).First());
        return await probe.LeadersAsync(_clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Until every lease that the lost master held is another's. Null when it held none.</summary>
    private async Task<TimeSpan?> WaitForLeadersAsync(IReadOnlyDictionary<string, string> before, string lost, long began, CancellationToken cancellationToken)
    {
        bool IsOfLost(string holder) => holder.StartsWith(lost + "_", StringComparison.Ordinal);
        var orphaned = before.Where(lease => IsOfLost(lease.Value)).Select(lease => lease.Key).ToHashSet(StringComparer.Ordinal);
        TimeSpan? last = null;
        while (orphaned.Count > 0)
        {
            foreach (var (lease, holder) in (await LeadersAsync(lost, cancellationToken)).Where(lease => orphaned.Contains(lease.Key) && !IsOfLost(lease.Value)))
            {
                last = _clock.GetElapsedTime(began);
                orphaned.Remove(lease);
                Tell(began, $"{lease}: {holder.Split('_')[0]} leads");
            }

            if (_clock.GetElapsedTime(began) > LeaderLimit)
            {
                throw new ClusterException($"Nobody took over {string.Join(" and ", orphaned)} within {LeaderLimit.TotalSeconds:0} s.");
            }

            await Task.Delay(Poll, _clock, cancellationToken);
        }

        return last;
    }

    private async Task WaitUntilWellAsync(CancellationToken cancellationToken)
    {
        for (var began = _clock.GetTimestamp(); !(await ClusterState.ReadAsync(cluster, cancellationToken)).IsWell;)
        {
            if (_clock.GetElapsedTime(began) > Recovery)
            {
                throw new ClusterException($"The cluster is not well after {Recovery.TotalSeconds:0} s. What is wrong: mk status --name {cluster.Paths.Name}");
            }

            await Task.Delay(StatusPoll, _clock, cancellationToken);
        }
    }

    private void Tell(long began, string what) =>
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  after {_clock.GetElapsedTime(began).TotalSeconds,5:0.0} s  {what}"));

    private static Table Render(IEnumerable<FailureResult> results)
    {
        static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
        static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
        var table = new Table().Border(TableBorder.Markdown)
            .AddColumns("failure", "requests", "failed", "of these stale lists", "failed for", "failed with retry", "longest gap", "new leaders after", "lost");
        foreach (var (name, figures, abandoned, newLeaders, lost) in results)
        {
            table.AddRow(
                name, Number(figures.Requests), Number(figures.Failed), Number(figures.FailedLists), Seconds(figures.FailedFor), Number(abandoned), Seconds(figures.LongestGap),
                newLeaders is { } time ? Seconds(time) : "", lost.Count == 0 ? "nothing" : Number(lost.Count));
        }

        return table;
    }
}
