using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Runtime.Hollow;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Node;

public class HollowNodeTests
{
    private const string OneContainer = "containers: [{name: app, image: 'busybox:1'}]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pod_Added_RunsAndIsReady()
    {
        await using var node = HollowNode.Start();
        node.Add(TestPods.Pod(OneContainer));

        var pod = await node.WaitAsync("web", pod => pod.Status?.Phase == "Running");

        Assert.Equal("10.128.0.2", pod.Status.PodIP);
        Assert.Equal("192.0.2.1", pod.Status.HostIP);
        Assert.Equal("BestEffort", pod.Status.QosClass);
        Assert.All(pod.Status.Conditions, condition => Assert.Equal("True", condition.Status));
        Assert.StartsWith("hollow://", Assert.Single(pod.Status.ContainerStatuses).ContainerID, StringComparison.Ordinal);
        Assert.Equal(
            ["Normal Pulled: Container image \"busybox:1\" already present on machine", "Normal Created: Created container: app", "Normal Started: Started container app"],
            node.Events.All.Where(line => line.Contains("ontainer", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Pod_Deleted_StopsAndIsDeletedForGood()
    {
        await using var node = HollowNode.Start();
        var pod = TestPods.Pod(OneContainer);
        node.Add(pod);
        var running = await node.WaitAsync("web", found => found.Status?.Phase == "Running");
        var deleted = running.Deleted();
        node.Api.Put(deleted);
        node.Add(deleted);

        await Wait.UntilAsync(() => Task.FromResult(!node.Api.Deletions.IsEmpty));

        var (key, options) = Assert.Single(node.Api.Deletions);
        Assert.Equal(new NamespacedName("default", "web"), key);
        Assert.Equal(0, options?.GracePeriodSeconds);
        Assert.Equal("web-uid", options?.Preconditions.Uid);
        Assert.Empty(await node.Runtime.ListPodsAsync(Token));
        Assert.Contains("Normal Killing: Stopping container app", node.Events.All);
    }

    [Fact]
    public async Task Container_Crashed_IsRestartedThenWaitsOutItsBackOff()
    {
        await using var node = HollowNode.Start();
        node.Add(TestPods.Pod("containers: [{name: app, image: busybox, command: ['false']}]"));

        var pod = await node.WaitAsync("web", found => found.Status?.ContainerStatuses?[0].State?.Waiting?.Reason == "CrashLoopBackOff");

        var status = pod.Status.ContainerStatuses[0];
        Assert.Equal(1, status.RestartCount);
        Assert.Equal("back-off 10s restarting failed container=app pod=web_default(web-uid)", status.State.Waiting.Message);
        Assert.Equal(1, status.LastState.Terminated.ExitCode);
        Assert.Equal("Running", pod.Status.Phase);
        Assert.Contains("Warning BackOff: Back-off restarting failed container app in pod web_default(web-uid)", node.Events.All);
    }

    [Fact]
    public async Task Pod_ThatEnds_IsSucceededAndItsContainersStayForTheirLogs()
    {
        await using var node = HollowNode.Start();
        node.Add(TestPods.Pod("{restartPolicy: Never, containers: [{name: app, image: busybox, command: ['true']}]}"));

        var pod = await node.WaitAsync("web", found => found.Status?.Phase == "Succeeded");

        Assert.Equal("Completed", pod.Status.ContainerStatuses[0].State.Terminated.Reason);
        Assert.Equal("PodCompleted", pod.Status.Conditions.Single(condition => condition.Type == "Ready").Reason);
        Assert.Single((await node.Runtime.GetPodAsync("web-uid", Token)).Containers);
    }

    [Fact]
    public async Task InitContainers_RunInOrderBeforeTheOthers()
    {
        await using var node = HollowNode.Start();
        node.Add(TestPods.Pod("""
            initContainers: [{name: one, image: busybox, command: ['true']}, {name: two, image: busybox, command: ['true']}]
            containers: [{name: app, image: busybox}]
            """));

        var pod = await node.WaitAsync("web", found => found.Status?.Phase == "Running");

        Assert.All(pod.Status.InitContainerStatuses, status => Assert.True(status.Ready));
        Assert.Equal(
            ["Started container one", "Started container two", "Started container app"],
            node.Events.All.Where(line => line.Contains("Started: ", StringComparison.Ordinal)).Select(line => line["Normal Started: ".Length..]));
    }

    [Fact]
    public async Task Pod_WithUnsupportedField_IsRefusedByName()
    {
        await using var node = HollowNode.Start();
        node.Add(TestPods.Pod("{containers: [{name: app, image: busybox}], volumes: [{name: data, nfs: {server: a, path: /}}]}"));

        var pod = await node.WaitAsync("web", found => found.Status?.Phase == "Failed");

        Assert.Equal("UnsupportedField", pod.Status.Reason);
        Assert.Equal("Pod was rejected: spec.volumes[0].nfs is not supported by this kubelet", pod.Status.Message);
        Assert.Contains("Warning UnsupportedField: spec.volumes[0].nfs is not supported by this kubelet", node.Events.All);
        Assert.Empty(await node.Runtime.ListPodsAsync(Token));
    }

    [Fact]
    public async Task EphemeralContainer_WithUnsupportedField_IsRefusedByNameAndThePodRunsOn()
    {
        await using var node = HollowNode.Start();
        node.Add(TestPods.Pod(OneContainer));
        await node.WaitAsync("web", found => found.Status?.Phase == "Running");

        node.Add(TestPods.Pod("{" + OneContainer + ", ephemeralContainers: [{name: debugger, image: busybox, securityContext: {procMount: Unmasked}}]}"));

        var pod = await node.WaitAsync("web", found => found.Status?.EphemeralContainerStatuses?[0].State?.Waiting?.Reason == "UnsupportedField");
        Assert.Equal("Running", pod.Status.Phase);
        Assert.Contains("Warning UnsupportedField: spec.ephemeralContainers[0].securityContext.procMount is not supported by this kubelet", node.Events.All);
        Assert.DoesNotContain((await node.Runtime.GetPodAsync("web-uid", Token)).Containers, container => container.Name == "debugger");
    }

    [Fact]
    public async Task Kubelet_Restarted_AdoptsWhatRuns()
    {
        var runtime = new HollowRuntime("10.128.0", TimeProvider.System);
        var pod = TestPods.Pod(OneContainer);
        await using (var first = HollowNode.Start(runtime: runtime))
        {
            first.Add(pod);
            await first.WaitAsync("web", found => found.Status?.Phase == "Running");
        }

        var before = (await runtime.GetPodAsync("web-uid", Token)).Containers[0];
        await using var second = HollowNode.Start(runtime: runtime);
        second.Add(pod);
        second.Ready();
        await second.WaitAsync("web", found => found.Status?.Phase == "Running");

        var after = Assert.Single((await runtime.GetPodAsync("web-uid", Token)).Containers);
        Assert.Equal(before.Id, after.Id);
        Assert.DoesNotContain(second.Events.All, line => line.Contains("Started: Started", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Orphan_IsLeftAloneUntilEverySourceHasSpoken()
    {
        var runtime = new HollowRuntime("10.128.0", TimeProvider.System);
        var sandbox = new SandboxConfig("gone-uid", "default", "gone", 0);
        var id = (await runtime.RunSandboxAsync(sandbox, Token)).Id;
        await runtime.StartContainerAsync(await runtime.CreateContainerAsync(id, new ContainerConfig(sandbox, "app", 0, "busybox", ""), Token), Token);
        await using var node = HollowNode.Start(runtime: runtime);

        // The first list of the runtime has been handled once a pod that came after it runs.
        node.Add(TestPods.Pod(OneContainer));
        await node.WaitAsync("web", found => found.Status?.Phase == "Running");
        node.Agent.Queue.Add(new SyncEvent.Relisted(await runtime.ListPodsAsync(Token)));
        node.Add(TestPods.Pod(OneContainer, "second"));
        await node.WaitAsync("second", found => found.Status?.Phase == "Running");
        Assert.Equal(ContainerRunState.Running, (await runtime.GetPodAsync("gone-uid", Token)).Containers[0].State);

        node.Ready();
        node.Agent.Queue.Add(new SyncEvent.Relisted(await runtime.ListPodsAsync(Token)));
        await Wait.UntilAsync(async () => (await runtime.GetPodAsync("gone-uid", Token)).Containers.Count == 0);
    }

    [Fact]
    public async Task Node_Started_IsRegisteredReadyWithALease()
    {
        await using var node = HollowNode.Start();

        var found = await Wait.ForAsync(() =>
            node.Api.Find<V1Node>(new NamespacedName("", TestPods.NodeName)) is { } stored
            && stored.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true ? stored : null);

        Assert.Equal(TestPods.NodeName, found.Metadata.Labels["kubernetes.io/hostname"]);
        Assert.Equal("2", found.Status.Capacity["cpu"].ToString());
        Assert.Equal("v1.34.0", found.Status.NodeInfo.KubeletVersion);
        Assert.StartsWith("hollow://", found.Status.NodeInfo.ContainerRuntimeVersion, StringComparison.Ordinal);
        var lease = await Wait.ForAsync(() => node.Api.Find<V1Lease>(new NamespacedName("kube-node-lease", TestPods.NodeName)));
        Assert.Equal(40, lease.Spec.LeaseDurationSeconds);
    }
}
