using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>The walk of the README with real kubectl and real Docker: what a person does first, on any store.</summary>
public abstract class WalkTests(ClusterFixture cluster)
{
    private const string Hello = "manifests/hello";

    // kubectl 1.35 says which container an event is about, 1.32 does not: the same server, seen with both.
    private const string Container = @"(spec\.containers\{echo\}: )?";

    private static readonly TimeSpan TrafficLimit = TimeSpan.FromSeconds(120);

    private Kubectl Kubectl { get; } = cluster.Kubectl(Versions.Newest);

    [Theory]
    [InlineData(Versions.Older)]
    [InlineData(Versions.Newest)]
    public async Task CreateHello_ThreePodsRun_AndEveryViewShowsWhatUpstreamShows(string version)
    {
        var kubectl = cluster.Kubectl(version);
        await using var ns = await cluster.CreateNamespaceAsync("hello");

        var created = await kubectl.RunAsync("create", "-n", ns.Name, "-f", $"{Hello}/rc.yaml", "-f", $"{Hello}/service.yaml");
        Assert.Equal("replicationcontroller/hello created\nservice/hello created\n", created);
        await kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);

        var table = await kubectl.RunAsync("get", "rc,pods,svc,endpoints", "-n", ns.Name, "-o", "wide");
        Assert.Matches(@"NAME +DESIRED +CURRENT +READY +AGE +CONTAINERS +IMAGES +SELECTOR\n", table);
        Assert.Matches(@"replicationcontroller/hello +3 +3 +3 +\d+s +echo +\S+ +app=hello\n", table);
        Assert.Matches(@"NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\n", table);
        Assert.Equal(3, Regex.Count(table, @"pod/hello-[a-z0-9]{5} +1/1 +Running +0 +\d+s +10\.244\.\d+\.\d+ +node1 +<none> +<none>\n"));
        Assert.Matches(@"NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE +SELECTOR\n", table);
        Assert.Matches(@"service/hello +NodePort +10\.\d+\.\d+\.\d+ +<none> +80:3\d{4}/TCP +\d+s +app=hello\n", table);
        Assert.Matches(@"endpoints/hello +(10\.244\.\d+\.\d+:8080,?){3} +\d+s\n", table);

        await AssertDescribesAsync(kubectl, ns.Name);
    }

    [Fact]
    public async Task Service_ThreeHundredRequests_ReachAllPodsAndNoneFails()
    {
        await using var ns = await cluster.CreateNamespaceAsync("traffic");
        await CreateHelloAsync(ns.Name);

        await Kubectl.ApplyAsync(Workloads.Client("client", "http://$HELLO_SERVICE_HOST:$HELLO_SERVICE_PORT/", 300, 0), "-n", ns.Name);
        var answers = await AnswersAsync(ns.Name, "client");
        Assert.Equal(300, answers.Count);
        Assert.DoesNotContain("FAILED", answers);
        Assert.Equal(await PodNamesAsync(ns.Name, "app=hello"), answers.Distinct().Order());

        var address = await Kubectl.ValueAsync(".items[0].status.addresses[0].address", "nodes");
        var nodePort = await Kubectl.ValueAsync(".spec.ports[0].nodePort", "service", "hello", "-n", ns.Name);
        Assert.StartsWith("hello-", await cluster.OnNodeAsync("busybox", "wget", "-q", "-O", "-", $"http://{address}:{nodePort}/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_IsFoundByItsName_FromInsideAPod()
    {
        await using var ns = await cluster.CreateNamespaceAsync("names");
        await CreateHelloAsync(ns.Name);
        var inPod = (string[])["exec", "-n", ns.Name, "rc/hello", "--", "busybox"];

        foreach (var name in (string[])["hello", $"hello.{ns.Name}", $"hello.{ns.Name}.svc.cluster.local"])
        {
            await Kubectl.WaitForAsync(answer => answer.StartsWith("hello-", StringComparison.Ordinal), [.. inPod, "wget", "-q", "-O", "-", $"http://{name}/"]);
        }

        var srv = await Kubectl.RunAsync([.. inPod, "nslookup", "-type=srv", "_https._tcp.kubernetes.default.svc.cluster.local"]);
        Assert.Contains("0 100 443 kubernetes.default.svc.cluster.local", srv, StringComparison.Ordinal);
        var reverse = await Kubectl.RunAsync([.. inPod, "nslookup", "10.96.0.10"]);
        Assert.Contains("name = kube-dns.kube-system.svc.cluster.local", reverse, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeletePod_UnderLoad_FailsBrieflyAndTheReplacementServes()
    {
        await using var ns = await cluster.CreateNamespaceAsync("delete");
        await CreateHelloAsync(ns.Name);
        await Kubectl.ApplyAsync(Workloads.Client("client", "http://$HELLO_SERVICE_HOST/", 400, 0.05), "-n", ns.Name);
        await Kubectl.WaitForAsync(log => log.Length > 0, "logs", "client", "-n", ns.Name);
        var before = await PodNamesAsync(ns.Name, "app=hello");

        await Kubectl.RunAsync("delete", "pod", before[0], "-n", ns.Name);
        await Kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);

        var answers = await AnswersAsync(ns.Name, "client");
        var replacement = Assert.Single((await PodNamesAsync(ns.Name, "app=hello")).Except(before));
        Assert.Contains(replacement, answers);

        // A refused connection fails at once, so until the endpoint is gone a third of the requests may fail: two seconds' worth at most.
        Assert.InRange(answers.Count(answer => answer == "FAILED"), 0, 15);
    }

    [Fact]
    public async Task DockerKill_OfAnAppContainer_RestartsItOnce()
    {
        await using var ns = await cluster.CreateNamespaceAsync("kill");
        await CreateHelloAsync(ns.Name);
        var pod = (await PodNamesAsync(ns.Name, "app=hello"))[0];
        var container = await Kubectl.ValueAsync(".status.containerStatuses[0].containerID", "pod", pod, "-n", ns.Name);

        await cluster.OnNodeAsync("docker", "kill", container["docker://".Length..]);

        await Kubectl.WaitForValueAsync("1 true", ".status.containerStatuses[0]['restartCount','ready']", "pod", pod, "-n", ns.Name);
        Assert.Equal("137", await Kubectl.ValueAsync(".status.containerStatuses[0].lastState.terminated.exitCode", "pod", pod, "-n", ns.Name));
    }

    [Fact]
    public async Task DeleteAndScale_OfAReplicationController_DoWhatTheyDoOnAnyCluster()
    {
        await using var ns = await cluster.CreateNamespaceAsync("scale");
        await CreateHelloAsync(ns.Name);
        var first = await PodNamesAsync(ns.Name, "app=hello");

        Assert.Equal($"pod \"{first[0]}\" deleted from {ns.Name} namespace\n", await Kubectl.RunAsync("delete", "pod", first[0], "-n", ns.Name));
        await Kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);
        Assert.DoesNotContain(first[0], await PodNamesAsync(ns.Name, "app=hello"));

        Assert.Equal("replicationcontroller/hello scaled\n", await Kubectl.RunAsync("scale", "rc/hello", "--replicas=5", "-n", ns.Name));
        await Kubectl.WaitForValueAsync("5", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);
        await Kubectl.RunAsync("scale", "rc/hello", "--replicas=0", "-n", ns.Name);
        await Kubectl.WaitForAsync(output => output.Length == 0, "get", "pods", "-n", ns.Name, "-l", "app=hello", "-o", "name");

        await Kubectl.RunAsync("scale", "rc/hello", "--replicas=2", "-n", ns.Name);
        await Kubectl.WaitForValueAsync("2", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);
        var kept = await PodNamesAsync(ns.Name, "app=hello");
        await Kubectl.RunAsync("delete", "rc", "hello", "--cascade=orphan", "-n", ns.Name);
        await Kubectl.WaitForAsync(
            output => !output.Contains("ReplicationController", StringComparison.Ordinal), "get", "pods", "-n", ns.Name, "-o", "jsonpath={.items[*].metadata.ownerReferences[*].kind}");
        Assert.Equal(kept, await PodNamesAsync(ns.Name, "app=hello"));

        await Kubectl.RunAsync("create", "-n", ns.Name, "-f", $"{Hello}/rc.yaml");
        await Kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", ns.Name);
        Assert.Subset((await PodNamesAsync(ns.Name, "app=hello")).ToHashSet(), kept.ToHashSet());
        await Kubectl.RunAsync("delete", "rc", "hello", "-n", ns.Name);
        await Kubectl.WaitForAsync(output => output.Length == 0, "get", "pods", "-n", ns.Name, "-l", "app=hello", "-o", "name");
    }

    [Fact]
    public async Task ApplyChangedDeployment_UnderLoad_RollsWithoutAFailedRequest()
    {
        await using var ns = await cluster.CreateNamespaceAsync("roll");
        await Kubectl.ApplyAsync(Workloads.Service("web"), "-n", ns.Name);
        await Kubectl.ApplyAsync(Workloads.Deployment("web", 3, "one"), "-n", ns.Name);
        await Kubectl.RunAsync("rollout", "status", "deployment/web", "-n", ns.Name, "--timeout=90s");
        var old = await PodNamesAsync(ns.Name, "app=web");
        await cluster.WaitForServiceAsync(ns.Name, "web");
        await Kubectl.ApplyAsync(Workloads.Client("client", "http://$WEB_SERVICE_HOST/", 600, 0.05), "-n", ns.Name);
        await Kubectl.WaitForAsync(log => log.Length > 0, "logs", "client", "-n", ns.Name);

        Assert.Equal("deployment.apps/web configured\n", await Kubectl.ApplyAsync(Workloads.Deployment("web", 3, "two"), "-n", ns.Name));
        var status = await Kubectl.RunAsync("rollout", "status", "deployment/web", "-n", ns.Name, "--timeout=120s");
        Assert.Contains("deployment \"web\" successfully rolled out", status, StringComparison.Ordinal);
        await Kubectl.WaitForAsync(
            output => output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 3, "get", "pods", "-n", ns.Name, "-l", "app=web", "-o", "jsonpath={.items[*].metadata.name}");

        var young = await PodNamesAsync(ns.Name, "app=web");
        var answers = await AnswersAsync(ns.Name, "client");
        Assert.Empty(young.Intersect(old));
        Assert.DoesNotContain("FAILED", answers);
        Assert.NotEmpty(answers.Intersect(young));
    }

    [Fact]
    public async Task Logs_Follow_PrintsLinesUntilTheContainerEnds()
    {
        await using var ns = await cluster.CreateNamespaceAsync("logs");
        await Kubectl.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: {name: counter}
            spec:
              restartPolicy: Never
              containers: [{name: counter, image: busybox:1.36, command: [sh, -c, 'for i in 1 2 3 4 5; do echo line $i; sleep 0.5; done']}]
            """, "-n", ns.Name);
        await Kubectl.WaitForAsync(phase => phase is "Running" or "Succeeded", "get", "pod", "counter", "-n", ns.Name, "-o", "jsonpath={.status.phase}");

        Assert.Equal("line 1\nline 2\nline 3\nline 4\nline 5\n", await Kubectl.RunAsync("logs", "-f", "counter", "-n", ns.Name));
        Assert.Equal("line 4\nline 5\n", await Kubectl.RunAsync("logs", "--tail=2", "counter", "-n", ns.Name));
        Assert.Matches(@"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z line 1\n", await Kubectl.RunAsync("logs", "--timestamps", "counter", "-n", ns.Name));
        await Kubectl.WaitForValueAsync("Succeeded", ".status.phase", "pod", "counter", "-n", ns.Name);
    }

    [Fact]
    public async Task GetPodsWatch_ShowsEachChangeAsItComes()
    {
        await using var ns = await cluster.CreateNamespaceAsync("watch");
        await Kubectl.ApplyAsync(Workloads.Pod("there", "mk/echo:1", "Never"), "-n", ns.Name);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var watching = Kubectl.FollowAsync(
            line =>
            {
                begun.TrySetResult();
                return line.Contains(" Completed ", StringComparison.Ordinal);
            },
            "get", "pods", "-n", ns.Name, "-w", "--no-headers");
        await await Task.WhenAny(begun.Task, watching);

        await Kubectl.ApplyAsync(Workloads.Client("seen", "http://127.0.0.1:1/", 1, 0), "-n", ns.Name);

        var statuses = (await watching).Split('\n').Where(line => line.StartsWith("seen ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]).ToList();
        Assert.Equal("Pending", statuses[0]);
        Assert.Contains("ContainerCreating", statuses);
    }

    private static async Task AssertDescribesAsync(Kubectl kubectl, string ns)
    {
        var rc = await kubectl.RunAsync("describe", "rc", "hello", "-n", ns);
        Assert.Matches(@"Selector: +app=hello\n", rc);
        Assert.Matches(@"Replicas: +3 current / 3 desired\n", rc);
        Assert.Matches(@"Pods Status: +3 Running / 0 Waiting / 0 Succeeded / 0 Failed\n", rc);
        Assert.Equal(3, Regex.Count(rc, @"Normal +SuccessfulCreate +\S+ +replication-controller +Created pod: hello-[a-z0-9]{5}\n"));

        var pod = await kubectl.RunAsync("describe", "pods", "-n", ns, "-l", "app=hello");
        Assert.Matches(@"Controlled By: +ReplicationController/hello\n", pod);
        Assert.Matches(@"State: +Running\n +Started: +\w+", pod);
        Assert.Matches(@"Conditions:\n +Type +Status *\n +PodReadyToStartContainers +True *\n +Initialized +True *\n +Ready +True *\n +ContainersReady +True *\n +PodScheduled +True", pod);
        Assert.Matches(@"QoS Class: +BestEffort\n", pod);
        Assert.Matches(@"Tolerations: +node\.kubernetes\.io/not-ready:NoExecute op=Exists for 300s\n +node\.kubernetes\.io/unreachable:NoExecute op=Exists for 300s\n", pod);
        Assert.Matches($@"Normal +Scheduled +\S+ +default-scheduler +Successfully assigned {ns}/hello-[a-z0-9]{{5}} to node1\n", pod);
        Assert.Matches($@"Normal +Pulled +\S+ +kubelet +{Container}Container image ""\S+"" already present on machine", pod);
        Assert.Matches($@"Normal +Created +\S+ +kubelet +{Container}Created container:? echo\n", pod);
        Assert.Matches($@"Normal +Started +\S+ +kubelet +{Container}Started container echo\n", pod);

        var service = await kubectl.RunAsync("describe", "svc", "hello", "-n", ns);
        Assert.Matches(@"Type: +NodePort\n", service);
        Assert.Matches(@"IP Families: +IPv4\n", service);
        Assert.Matches(@"TargetPort: +8080/TCP\n", service);
        Assert.Matches(@"Endpoints: +(10\.244\.\d+\.\d+:8080,?){3}\n", service);

        var node = await kubectl.RunAsync("describe", "node", "node1");
        Assert.Matches(@"Ready +True +.*KubeletReady +kubelet is posting ready status\n", node);
        Assert.Matches(@"PodCIDR: +10\.244\.0\.0/24\n", node);
        Assert.Equal(3, Regex.Count(node, $@"{ns} +hello-[a-z0-9]{{5}} +0 \(0%\) +0 \(0%\) +0 \(0%\) +0 \(0%\)"));
    }

    private async Task CreateHelloAsync(string ns)
    {
        // The service first: its pods find it in their environment, as the client does.
        await Kubectl.RunAsync("create", "-n", ns, "-f", $"{Hello}/service.yaml", "-f", $"{Hello}/rc.yaml");
        await Kubectl.WaitForValueAsync("3", ".status.readyReplicas", "rc", "hello", "-n", ns);
        await Kubectl.WaitForAsync(
            output => output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 3,
            "get", "endpointslices", "-n", ns, "-l", "kubernetes.io/service-name=hello", "-o", "jsonpath={.items[*].endpoints[?(@.conditions.ready)].addresses[0]}");
        await cluster.WaitForServiceAsync(ns, "hello");
    }

    /// <summary>The names of the pods that are not on their way out, in order.</summary>
    private async Task<IReadOnlyList<string>> PodNamesAsync(string ns, string selector)
    {
        var pods = JsonNode.Parse(await Kubectl.RunAsync("get", "pods", "-n", ns, "-l", selector, "-o", "json"))!;
        return [.. from pod in pods["items"]!.AsArray()
                   where pod!["metadata"]!["deletionTimestamp"] is null
                   let name = (string)pod["metadata"]!["name"]!
                   orderby name
                   select name];
    }

    /// <summary>What a client pod printed, once it is done.</summary>
    private async Task<IReadOnlyList<string>> AnswersAsync(string ns, string pod)
    {
        await Eventually.GetAsync(
            _ => Kubectl.ValueAsync(".status.phase", "pod", pod, "-n", ns), phase => phase is "Succeeded" or "Failed", TrafficLimit, TestContext.Current.CancellationToken);
        return [.. (await Kubectl.RunAsync("logs", pod, "-n", ns)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim())];
    }
}
