using System.Globalization;

using MiniKube.Faults.Tests.Checking;
using MiniKube.Faults.Tests.Histories;
using MiniKube.Faults.Tests.Load;
using MiniKube.Faults.Tests.Rig;
using MiniKube.TestSupport;

namespace MiniKube.Faults.Tests;

/// <summary>
/// Sixteen writers and twenty watchers work at two API servers on three members of etcd, while one or two faults happen that a seed draws. Afterwards every
/// history must have an order that explains it, every watcher must have been told what happened, and every server must know what etcd knows.
/// MINIKUBE_FAULT_SEEDS=100 runs a hundred seeds, MINIKUBE_FAULT_SEEDS=21-21 that one. A campaign takes the bounds of time at their word, unless
/// MINIKUBE_FAULT_SLOWNESS=5 says that the machine has other work to do.
/// </summary>
[Trait("Needs", "Machine")]
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Writers = 16;
    private const int Watchers = 20;

    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(120);
    private static readonly TimeProvider Clock = TimeProvider.System;

    // Among others that test the same machine a second is not a second.
    private const double SlownessOfTests = 10;

    private static string? Campaign => Environment.GetEnvironmentVariable("MINIKUBE_FAULT_SEEDS");

    private static double Slowness => Environment.GetEnvironmentVariable("MINIKUBE_FAULT_SLOWNESS") is { } slowness
        ? double.Parse(slowness, CultureInfo.InvariantCulture)
        : Campaign is null ? SlownessOfTests : 1;

    public static TheoryData<int> Seeds
    {
        get
        {
            var bounds = (Campaign ?? "5").Split('-').Select(bound => int.Parse(bound, CultureInfo.InvariantCulture)).ToList();
            var first = bounds.Count > 1 ? bounds[0] : 1;
            return [.. Enumerable.Range(first, bounds[^1] - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Cluster_FaultsWhileClientsWork_LosesAndInventsNothing(int seed)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var random = new Random(seed);
        await using var cluster = await FaultCluster.StartAsync(cancellationToken);
        await using var truth = new StoreHistory(cluster.Etcdctl, Writer.Namespace);
        var clients = cluster.ApiServers.Select(server => server.CreateClient()).ToList();
        await CreateNamespaceAsync(clients[0], cancellationToken);

        var start = Clock.GetTimestamp();
        using var pulses = new Pulses(cluster, clients, start, Clock);
        await pulses.PrepareAsync(cancellationToken);
        var history = new History();
        var watchers = Enumerable.Range(0, Watchers).Select(number => new Watcher(number, clients[number % clients.Count], Clock)).ToList();
        using var stopWriters = new CancellationTokenSource();
        using var stopWatchers = new CancellationTokenSource();
        var writing = Enumerable.Range(0, Writers).Select(number => new Writer(number, clients, history, new Random((seed * 1000) + number), Clock))
            .Select(writer => Task.Run(() => writer.RunAsync(stopWriters.Token), CancellationToken.None)).ToList();
        var beating = Task.Run(() => pulses.RunAsync(stopWriters.Token), CancellationToken.None);
        var watching = watchers.Select(watcher => Task.Run(() => watcher.RunAsync(stopWatchers.Token), CancellationToken.None)).ToList();

        await Task.Delay(Steady, Clock, cancellationToken);
        var faults = await RunFaultsAsync(cluster, watchers, random, start, cancellationToken);
        await Task.Delay(Steady, Clock, cancellationToken);
        await stopWriters.CancelAsync();
        await Task.WhenAll([beating, .. writing]);
        var newest = await FinishAsync(clients, truth, cancellationToken);
        await Eventually.GetAsync(
            _ => Task.FromResult(watchers.Where(watcher => watcher.Version < newest).Select(watcher => $"{watcher.Name} at {watcher.Version} of {newest}").ToList()),
            behind => behind.Count == 0, Settle, cancellationToken);
        await stopWatchers.CancelAsync();
        await Task.WhenAll(watching);

        output.WriteLine($"seed {seed}: {string.Join(", then ", faults.Select(fault => fault.Name))}; {Summary(history)}; {Longest(pulses)}; {truth.Changes.Count} changes, {watchers.Sum(watcher => watcher.Ranges.Count - 1)} relists");
        AssertNothing(LinearizabilityChecker.Check(history.Operations));
        AssertNothing(WatchChecker.Check(truth.Changes, watchers.SelectMany(watcher => watcher.Ranges)));
        for (var server = 0; server < clients.Count; server++)
        {
            AssertNothing(AvailabilityChecker.Check(
                $"apiserver {server}", pulses.ServerOutages(server), pulses.StoreOutages, [.. faults.Select(fault => fault.Time)], Slowness));
        }

        await AssertServersAgreeAsync(clients, truth, cancellationToken);
    }

    private static void AssertNothing(IReadOnlyList<string> wrong) => Assert.True(wrong.Count == 0, string.Join('\n', wrong));

    private static async Task<IReadOnlyList<(string Name, FaultTime Time)>> RunFaultsAsync(
        FaultCluster cluster, IReadOnlyList<Watcher> watchers, Random random, long start, CancellationToken cancellationToken)
    {
        var happened = new List<(string, FaultTime)>();
        var menu = new FaultMenu(cluster, watchers, random).All;
        for (var count = random.Next(1, 3); count > 0; count--)
        {
            var fault = await menu[random.Next(menu.Count)]();
            var duration = TimeSpan.FromMilliseconds(random.Next(500, 3000));
            var began = Clock.GetElapsedTime(start);
            await fault.Inject();
            await Task.Delay(duration, Clock, cancellationToken);
            await fault.Heal();
            var time = new Span(began, Clock.GetElapsedTime(start));
            happened.Add(($"{fault} for {duration.TotalSeconds:0.0} s", new FaultTime(time, fault.Server is { } server ? $"apiserver {server}" : null, fault.IsSilent)));
        }

        return happened;
    }

    /// <summary>Writes one last object through the healed cluster and waits until etcd's watch has told of it. Its version is returned.</summary>
    private static async Task<long> FinishAsync(List<HttpClient> clients, StoreHistory truth, CancellationToken cancellationToken)
    {
        await Eventually.GetAsync(_ => CreateAsync(clients[0], "last"), created => created, Settle, cancellationToken);
        var events = await Eventually.GetAsync(
            _ => Task.FromResult(truth.Changes), list => list.Any(change => change.Name == "last"), Settle, cancellationToken);
        return events[^1].Version;
    }

    private static async Task<bool> CreateAsync(HttpClient client, string name)
    {
        try
        {
            using var body = new StringContent($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{"v":"{{{name}}}"}}""", null, "application/json");
            using var response = await client.PostAsync($"/api/v1/namespaces/{Writer.Namespace}/configmaps", body, TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode || response.StatusCode == System.Net.HttpStatusCode.Conflict;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task AssertServersAgreeAsync(List<HttpClient> clients, StoreHistory truth, CancellationToken cancellationToken)
    {
        var expected = truth.Changes.GroupBy(change => change.Name).Select(changes => changes.Last())
            .Where(change => change.Type != "DELETED").Select(change => $"{change.Name}={change.Value}@{change.Version}").Order(StringComparer.Ordinal).ToList();
        foreach (var client in clients)
        {
            var list = System.Text.Json.Nodes.JsonNode.Parse(await client.GetStringAsync($"/api/v1/namespaces/{Writer.Namespace}/configmaps", cancellationToken))!;
            var actual = list["items"]!.AsArray().Select(item => $"{item!["metadata"]!["name"]}={item["data"]!["v"]}@{item["metadata"]!["resourceVersion"]}");
            Assert.Equal(expected, actual.Order(StringComparer.Ordinal));
        }
    }

    private static async Task CreateNamespaceAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var body = new StringContent($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{Writer.Namespace}}}"}}""", null, "application/json");
        using var response = await client.PostAsync("/api/v1/namespaces", body, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static string Longest(Pulses pulses)
    {
        string Of(IEnumerable<Span> outages) => outages.Select(outage => outage.Length.TotalSeconds).DefaultIfEmpty().Max().ToString("0.0", CultureInfo.InvariantCulture);
        return $"unavailable for at most: etcd {Of(pulses.StoreOutages)} s, {string.Join(", ", Enumerable.Range(0, FaultCluster.Servers).Select(server => $"apiserver {server} {Of(pulses.ServerOutages(server))} s"))}";
    }

    private static string Summary(History history) => string.Create(
        CultureInfo.InvariantCulture,
        $"{history.Operations.Count} operations, {history.Operations.Count(operation => operation.Outcome == Outcome.Unknown)} without an answer, no write for at most {history.LongestSilence(Clock).TotalSeconds:0.0} s");
}
