using System.Text.RegularExpressions;

namespace MiniKube.Conformance.Tests;

/// <summary>The examples of manifests/examples, applied as they are to one namespace: each does what its comment says.</summary>
[Collection(EmbeddedCluster.Collection)]
[Trait("Needs", "Machine")]
public sealed class ExampleTests(ExampleTests.Applied examples) : IClassFixture<ExampleTests.Applied>
{
    private const string Patience = "--timeout=120s";

    private Kubectl Kubectl => examples.Kubectl;

    [Fact]
    public async Task Guestbook_ShowsWhatWasWrittenToTheLeader_AsTheFollowersHaveIt()
    {
        foreach (var tier in (string[])["leader", "follower", "frontend"])
        {
            await RunAsync("rollout", "status", $"deployment/guestbook-{tier}", Patience);
        }

        await FetchAsync("http://guestbook-frontend/?message=hello+world%21", IsWritten);

        // The short name is searched for; the whole name, and the node's port, lead to the same.
        await FetchAsync($"http://guestbook-follower.{examples.Namespace}.svc.cluster.local/", IsWritten);
        var port = await Kubectl.ValueAsync(".spec.ports[0].nodePort", "service", "guestbook-frontend", "-n", examples.Namespace);
        Assert.True(IsWritten(await examples.Cluster.OnNodeAsync("busybox", "wget", "-q", "-O", "-", $"http://127.0.0.1:{port}/")));

        // It is written again each time it is asked whether it is there.
        static bool IsWritten(string page) => page.EndsWith("hello world!\n", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Visits_AreKept_WhenTheirPodComesAgain()
    {
        await RunAsync("rollout", "status", "statefulset/visits", Patience);
        Assert.Equal("visits-0 was here\n", await RunAsync("exec", "visits-0", "--", "cat", "/data/visits"));

        await RunAsync("delete", "pod", "visits-0");
        await RunAsync("rollout", "status", "statefulset/visits", Patience);

        await WaitForAsync(visits => visits == "visits-0 was here\nvisits-0 was here\n", "exec", "visits-0", "--", "cat", "/data/visits");
        Assert.Equal("visits-1 was here\n", await RunAsync("exec", "visits-1", "--", "cat", "/data/visits"));
        await WaitForAsync(answer => answer.Contains("Address: 10.244.", StringComparison.Ordinal), "exec", "visits-1", "--", "nslookup", $"visits-0.visits.{examples.Namespace}.svc.cluster.local");
        Assert.Contains("visits-0.visits.", await RunAsync("exec", "visits-1", "--", "nslookup", "-type=srv", $"_http._tcp.visits.{examples.Namespace}.svc.cluster.local"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_SaysTheTime()
    {
        await RunAsync("create", "job", "now", "--from=cronjob/clock");
        await RunAsync("wait", "--for=condition=complete", "job/now", Patience);

        Assert.Matches(@"^It is \d\d:\d\d\.\n$", await RunAsync("logs", "job/now"));
    }

    [Fact]
    public async Task Agent_RunsOnEveryNode()
    {
        await RunAsync("rollout", "status", "daemonset/agent", Patience);

        Assert.Matches(@"^node1 has \d+ mounts\n$", await WaitForAsync(log => log.Length > 0, "logs", "daemonset/agent"));
    }

    [Fact]
    public async Task Canary_AnswersBesideTheStableOnes_AndABadVersionIsUndone()
    {
        await RunAsync("rollout", "status", "deployment/shop-stable", Patience);
        await RunAsync("rollout", "status", "deployment/shop-canary", Patience);
        await examples.Cluster.WaitForServiceAsync(examples.Namespace, "shop");
        await TracksAsync(tracks => tracks.SetEquals(["canary", "stable"]));

        // An image that there is not: the old pods go on until the rollout is undone.
        await RunAsync("set", "image", "deployment/shop-canary", "shop=127.0.0.1:9/nosuch:1");
        await WaitForAsync(reasons => Regex.IsMatch(reasons, "ErrImagePull|ImagePullBackOff"), "get", "pods", "-l", "track=canary", "-o", "jsonpath={.items[*].status.containerStatuses[0].state.waiting.reason}");
        await TracksAsync(tracks => tracks.Contains("canary"));
        Assert.Equal("deployment.apps/shop-canary rolled back\n", await RunAsync("rollout", "undo", "deployment/shop-canary"));
        await RunAsync("rollout", "status", "deployment/shop-canary", Patience);
        await WaitForAsync(images => images == "mk/echo:1", "get", "pods", "-l", "track=canary", "-o", "jsonpath={.items[*].spec.containers[0].image}");
    }

    private Task<string> RunAsync(params string[] arguments) => Kubectl.RunAsync(["-n", examples.Namespace, .. arguments]);

    private Task<string> WaitForAsync(Func<string, bool> satisfies, params string[] arguments) => Kubectl.WaitForAsync(satisfies, ["-n", examples.Namespace, .. arguments]);

    /// <summary>What the guestbook's front end gets from an address, once it is what is waited for.</summary>
    private Task<string> FetchAsync(string url, Func<string, bool> satisfies) => WaitForAsync(satisfies, "exec", "deployment/guestbook-frontend", "--", "wget", "-q", "-O", "-", url);

    /// <summary>Waits until sixty requests to the shop are answered by the tracks that are expected.</summary>
    private Task<string> TracksAsync(Func<HashSet<string>, bool> satisfies) => WaitForAsync(
        pods => satisfies([.. pods.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(pod => pod.Split('-').ElementAtOrDefault(1) ?? "")]),
        "exec", "deployment/shop-stable", "--", "sh", "-c", "for i in $(seq 60); do wget -q -O - http://shop/; done");

    /// <summary>All of them at once: they start while the first is looked at.</summary>
    public sealed class Applied(EmbeddedCluster cluster) : IAsyncLifetime
    {
        private TestNamespace? _namespace;

        public EmbeddedCluster Cluster => cluster;

        public Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

        public string Namespace => _namespace?.Name ?? "";

        public async ValueTask InitializeAsync()
        {
            _namespace = await cluster.CreateNamespaceAsync("examples");
            await Kubectl.RunAsync("apply", "-n", Namespace, "-f", "manifests/examples");
        }

        public async ValueTask DisposeAsync()
        {
            if (_namespace is not null)
            {
                await _namespace.DisposeAsync();
            }
        }
    }
}
