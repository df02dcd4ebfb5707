using k8s.Models;

using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Tests.TestDoubles;

namespace MiniKube.Kubelet.Tests.Pods;

public class PodActionsTests
{
    private const string One = "containers: [{name: app, image: busybox}]";
    private const string Two = "containers: [{name: app, image: busybox}, {name: web, image: busybox}]";
    private const string WithInits = "{initContainers: [{name: one, image: busybox}, {name: two, image: busybox}], " + One + "}";
    private const string WithSidecar = "{initContainers: [{name: side, image: busybox, restartPolicy: Always}, {name: two, image: busybox}], " + One + "}";

    private readonly FixedProbes _probes = new();

    [Fact]
    public void NewPod_GetsASandboxAndAllContainers()
    {
        var actions = Compute(Two);

        Assert.True(actions.CreateSandbox);
        Assert.False(actions.KillPod);
        Assert.Equal(0, actions.SandboxAttempt);
        Assert.Equal(["app", "web"], Started(actions));
    }

    [Fact]
    public void NewPod_WithInitContainers_StartsOnlyTheFirst() => Assert.Equal(["one"], Started(Compute(WithInits)));

    [Fact]
    public void RunningPod_NeedsNothing() => Assert.True(Compute(One, Running("app")).IsEmpty);

    [Fact]
    public void DeadSandbox_IsReplacedWithAllThatRanInIt()
    {
        var pod = TestPods.Pod(One);
        var status = Status(Running("app")) with { Sandboxes = [Sandbox(2) with { Ready = false }] };

        var actions = PodActions.Compute(pod, status, _probes);

        Assert.True(actions.KillPod);
        Assert.True(actions.CreateSandbox);
        Assert.Equal(3, actions.SandboxAttempt);
    }

    [Fact]
    public void DeadSandbox_OfAPodThatNeverRestarts_StaysDead()
    {
        var pod = TestPods.Pod("{restartPolicy: Never, " + One + "}");
        var status = Status(Exited("app", 0)) with { Sandboxes = [Sandbox(0) with { Ready = false }] };

        var actions = PodActions.Compute(pod, status, _probes);

        Assert.True(actions.KillPod);
        Assert.False(actions.CreateSandbox);
    }

    [Theory]
    [InlineData("Always", 0, true)]
    [InlineData("Always", 1, true)]
    [InlineData("OnFailure", 0, false)]
    [InlineData("OnFailure", 1, true)]
    [InlineData("Never", 0, false)]
    [InlineData("Never", 1, false)]
    public void ExitedContainer_IsRestartedAsItsPolicySays(string policy, int exitCode, bool restarted)
    {
        var actions = Compute($"{{restartPolicy: {policy}, {Two}}}", Exited("app", exitCode), Running("web"));

        Assert.Equal(restarted ? ["app"] : [], Started(actions));
        Assert.False(actions.KillPod);
    }

    [Fact]
    public void AllEnded_TheSandboxHasNoMoreUse() =>
        Assert.True(Compute("{restartPolicy: OnFailure, " + Two + "}", Exited("app", 0), Exited("web", 0)).KillPod);

    [Fact]
    public void InitContainer_Succeeded_NextStarts() => Assert.Equal(["two"], Started(Compute(WithInits, Exited("one", 0))));

    [Fact]
    public void InitContainer_Running_NothingStarts() => Assert.True(Compute(WithInits, Running("one")).IsEmpty);

    [Fact]
    public void InitContainer_Failed_IsTriedAgain() => Assert.Equal(["one"], Started(Compute(WithInits, Exited("one", 1))));

    [Fact]
    public void InitContainer_FailedInAPodThatNeverRestarts_EndsThePod() =>
        Assert.True(Compute("{restartPolicy: Never, " + WithInits[1..], Exited("one", 1)).KillPod);

    [Fact]
    public void InitContainers_RemovedAfterwards_DoNotRunAgain() => Assert.Equal([], Started(Compute(WithInits, Running("app"))));

    [Fact]
    public void Sidecar_Started_NextInitContainerStarts() => Assert.Equal(["two"], Started(Compute(WithSidecar, Running("side"))));

    [Fact]
    public void Sidecar_WithStartupProbeUndecided_HoldsTheNextBack()
    {
        var spec = WithSidecar.Replace("restartPolicy: Always", "restartPolicy: Always, startupProbe: {tcpSocket: {port: 1}}", StringComparison.Ordinal);

        Assert.Equal([], Started(Compute(spec, Running("side"))));
        _probes.Results[(ProbeType.Startup, "side-id")] = true;
        Assert.Equal(["two"], Started(Compute(spec, Running("side"))));
    }

    [Fact]
    public void Sidecar_Exited_IsRestartedBesideTheOthers() =>
        Assert.Equal(["side"], Started(Compute(WithSidecar, Exited("side", 0), Exited("two", 0), Running("app"))));

    [Fact]
    public void LivenessFailed_IsKilledAndStartedAgain()
    {
        _probes.Results[(ProbeType.Liveness, "app-id")] = false;

        var actions = Compute(One, Running("app"));

        Assert.Equal("Container app failed liveness probe, will be restarted", Assert.Single(actions.Kill).Message);
        Assert.Equal(["app"], Started(actions));
    }

    [Fact]
    public void LivenessFailed_InAPodThatNeverRestarts_IsKilledOnly()
    {
        _probes.Results[(ProbeType.Liveness, "app-id")] = false;

        var actions = Compute("{restartPolicy: Never, " + Two + "}", Running("app"), Running("web"));

        Assert.Single(actions.Kill);
        Assert.Empty(actions.Start);
    }

    [Fact]
    public void ImageChanged_IsRestarted()
    {
        var actions = Compute("containers: [{name: app, image: 'busybox:2'}]", Running("app"));

        Assert.Equal("Container app definition changed, will be restarted", Assert.Single(actions.Kill).Message);
        Assert.Equal(["app"], Started(actions));
    }

    [Fact]
    public void OtherChangesOfTheSpec_RestartNothing() =>
        Assert.True(Compute("containers: [{name: app, image: busybox, env: [{name: A, value: b}], args: [x]}]", Running("app")).IsEmpty);

    private static RuntimeSandbox Sandbox(int attempt) => new("sandbox-id", attempt, true, "10.0.0.2", DateTimeOffset.UnixEpoch);

    private static RuntimeContainer Running(string name) =>
        new($"{name}-id", name, 0, ContainerRunState.Running) { Image = "busybox", SandboxId = "sandbox-id" };

    private static RuntimeContainer Exited(string name, int exitCode) =>
        Running(name) with { State = ContainerRunState.Exited, ExitCode = exitCode };

    private static RuntimePod Status(params RuntimeContainer[] containers) => new("uid", "default", "web", [Sandbox(0)], containers);

    private static IEnumerable<string> Started(PodActionSet actions) => actions.Start.Select(container => container.Name);

    private PodActionSet Compute(string spec, params RuntimeContainer[] containers) =>
        PodActions.Compute(TestPods.Pod(spec), containers.Length == 0 ? RuntimePod.Empty("uid") : Status(containers), _probes);
}
