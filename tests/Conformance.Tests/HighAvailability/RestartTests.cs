using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests.HighAvailability;

/// <summary>
/// The whole cluster goes down and comes back with all that it had. MINIKUBE_RESTARTS=20 does it twenty times, by turns by a kill of everything, as when
/// the machine loses its power, and by a clean stop.
/// </summary>
[Collection(HighlyAvailableCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class RestartTests(HighlyAvailableCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static readonly string[] Hosts = ["lb", "master1", "master2", "etcd1", "etcd2", "etcd3", "node1", "node2"];

    // What tells of the moment, and what is made of addresses of pods, which are new when their containers are.
    private static readonly string[] Passing =
    [
        "events", "events.events.k8s.io", "leases.coordination.k8s.io", "endpoints", "endpointslices.discovery.k8s.io", "componentstatuses", "nodes.metrics.k8s.io", "pods.metrics.k8s.io",
    ];

    public static bool IsWanted => Wanted is not null;

    private static string? Wanted => Environment.GetEnvironmentVariable("MINIKUBE_RESTARTS");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Fact(Skip = "takes the better part of a minute a round: MINIKUBE_RESTARTS=20 runs it", SkipUnless = nameof(IsWanted))]
    public async Task Cluster_ThatWasDown_ComesBackWithAllObjects_AndRestartsEachContainerOnce()
    {
        var rounds = int.Parse(Wanted ?? "", CultureInfo.InvariantCulture);
        for (var round = 0; round < rounds; round++)
        {
            var steady = await cluster.GetSteadyAsync();
            // Namespaces of other tests may be on their way out.
            await Kubectl.WaitForAsync(phases => !phases.Contains("Terminating", StringComparison.Ordinal), "get", "namespaces", "-o", "jsonpath={.items[*].status.phase}");
            var resources = string.Join(',', (await Kubectl.RunAsync("api-resources", "--verbs=list", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(Passing));
            var before = await ObjectsAsync(resources);
            var restarts = await RestartsAsync(steady.Name);

            var verb = round % 2 == 0 ? "kill" : "stop";
            var begin = Stopwatch.GetTimestamp();
            foreach (var result in await Task.WhenAll((verb == "kill" ? Hosts : [""]).Select(host => cluster.MkAsync([verb, .. host.Length > 0 ? (string[])[host] : []]))))
            {
                result.EnsureSuccess();
            }

            var down = Stopwatch.GetTimestamp();
            (await cluster.MkAsync("start")).EnsureSuccess();
            var serving = Stopwatch.GetElapsedTime(down);
            // All containers ended with their hosts: each is started again, and only once.
            var expected = restarts.Select(pod => pod with { Restarts = pod.Restarts + 1 }).ToList();
            await Eventually.GetAsync(_ => RestartsAsync(steady.Name), now => now.SequenceEqual(expected), Limit, Cancellation);
            var back = Stopwatch.GetElapsedTime(down);
            await cluster.WaitUntilWellAsync();

            Assert.Equal(before, await ObjectsAsync(resources));
            Assert.Equal(expected, await RestartsAsync(steady.Name));
            output.WriteLine($"mk {verb} took {Seconds(Stopwatch.GetElapsedTime(begin, down))}; mk start {Seconds(serving)}, and all {expected.Count} pods were Ready {Seconds(back)} after its beginning; {before.Count} objects as before");
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);

    /// <summary>Every object but what passes: its uid, its labels and all that it says beside its status.</summary>
    private async Task<IReadOnlyList<string>> ObjectsAsync(string resources)
    {
        var list = JsonNode.Parse(await Kubectl.RunAsync("get", resources, "--all-namespaces", "-o", "json"))!;
        return
        [
            .. list["items"]!.AsArray().Select(item => item!.AsObject()).Select(item =>
            {
                var metadata = item["metadata"]!;
                item.Remove("metadata");
                item.Remove("status");
                return $"{metadata["namespace"]}/{metadata["name"]} {metadata["uid"]} {metadata["labels"]?.ToJsonString()} {item.ToJsonString()}";
            }).Order(StringComparer.Ordinal),
        ];
    }

    private async Task<IReadOnlyList<PodRestarts>> RestartsAsync(string ns)
    {
        var result = await Kubectl.TryAsync("get", "pods", "-n", ns, "-o", "json", "--request-timeout=5s");
        return result.ExitCode != 0
            ? []
            : [.. from pod in JsonNode.Parse(result.Output)!["items"]!.AsArray()
                  let containers = pod["status"]!["containerStatuses"]?.AsArray() ?? []
                  orderby pod["metadata"]!["name"]!.GetValue<string>()
                  select new PodRestarts(
                      pod["metadata"]!["uid"]!.GetValue<string>(),
                      containers.Sum(container => container!["restartCount"]!.GetValue<int>()),
                      containers.All(container => container!["ready"]!.GetValue<bool>()))];
    }

    private sealed record PodRestarts(string Uid, int Restarts, bool IsReady);
}
