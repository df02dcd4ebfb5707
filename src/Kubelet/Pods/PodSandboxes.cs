using k8s.Models;

using MiniKube.Client.Events;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Pods;

/// <summary>Makes a pod's sandbox, and ends it with all that runs in it.</summary>
internal sealed class PodSandboxes(IContainerRuntime runtime, IPodEnvironment environment, ContainerStarter starter, IProbeResults probes, IEventRecorder events, TimeProvider clock)
{
    public async Task<RuntimePod> CreateAsync(V1Pod pod, RuntimePod status, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            var config = await environment.ConfigureSandboxAsync(pod, attempt, cancellationToken);
            var sandbox = await runtime.RunSandboxAsync(config, cancellationToken);
            await environment.ConnectAsync(pod, sandbox, cancellationToken);
            return status with { Sandboxes = [sandbox] };
        }
        catch (ContainerRuntimeException exception)
        {
            events.Record(pod, "Warning", "FailedCreatePodSandBox", $"Failed to create pod sandbox: {exception.Message}");
            throw;
        }
    }

    /// <summary>Ends what runs, so that a new sandbox can take the old one's names and ports if there is to be one.</summary>
    public async Task KillAsync(V1Pod pod, RuntimePod status, bool isReplaced, CancellationToken cancellationToken)
    {
        if (isReplaced)
        {
            events.Record(pod, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
        }

        await StopAsync(pod, status, pod.TerminationGracePeriod(), cancellationToken);
        if (!isReplaced)
        {
            return;
        }

        foreach (var init in status.Containers.Where(container => pod.InitContainers().Any(spec => spec.Name == container.Name && !spec.IsSidecar())))
        {
            await runtime.RemoveContainerAsync(init.Id, cancellationToken);
        }

        foreach (var sandbox in status.Sandboxes)
        {
            await runtime.RemoveSandboxAsync(sandbox.Id, cancellationToken);
        }
    }

    /// <summary>Ends containers of a pod that goes on.</summary>
    public Task KillAsync(V1Pod pod, IReadOnlyList<ContainerToKill> kills, CancellationToken cancellationToken) => Task.WhenAll(kills.Select(kill =>
        starter.StopAsync(pod, Spec(pod, kill.Name), kill.Id, kill.Name, kill.Message, KillGrace(pod, kill), cancellationToken)));

    /// <summary>Sidecars end last, in the reverse order of their start, once no other container needs them.</summary>
    public async Task StopAsync(V1Pod pod, RuntimePod status, TimeSpan grace, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var running = status.Containers.Where(container => container.State == ContainerRunState.Running).ToList();
        var sidecars = pod.InitContainers().Where(PodExtensions.IsSidecar).Select(container => container.Name).Reverse().ToList();
        await Task.WhenAll(running.Where(container => !sidecars.Contains(container.Name)).Select(container => StopAsync(pod, container, grace, cancellationToken)));
        foreach (var container in sidecars.SelectMany(name => running.Where(container => container.Name == name)))
        {
            var left = grace - clock.GetElapsedTime(started);
            await StopAsync(pod, container, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
        }

        foreach (var sandbox in status.Sandboxes.Where(sandbox => sandbox.Ready))
        {
            await runtime.StopSandboxAsync(sandbox.Id, cancellationToken);
        }
    }

    /// <summary>Removes what has been stopped.</summary>
    public async Task RemoveAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
        foreach (var container in status.Containers)
        {
            await runtime.RemoveContainerAsync(container.Id, cancellationToken);
        }

        foreach (var sandbox in status.Sandboxes)
        {
            await runtime.RemoveSandboxAsync(sandbox.Id, cancellationToken);
        }
    }

    private Task StopAsync(V1Pod pod, RuntimeContainer container, TimeSpan grace, CancellationToken cancellationToken) =>
        starter.StopAsync(pod, Spec(pod, container.Name), container.Id, container.Name, $"Stopping container {container.Name}", grace, cancellationToken);

    private static V1Container? Spec(V1Pod pod, string name) => pod.AllContainers().FirstOrDefault(container => container.Name == name);

    /// <summary>A probe may set a grace period of its own.</summary>
    private TimeSpan KillGrace(V1Pod pod, ContainerToKill kill)
    {
        var spec = Spec(pod, kill.Name);
        var probe = probes.Get(ProbeType.Startup, kill.Id) == false ? spec?.StartupProbe
            : probes.Get(ProbeType.Liveness, kill.Id) == false ? spec?.LivenessProbe : null;
        return probe?.TerminationGracePeriodSeconds is { } seconds ? PodExtensions.Seconds(seconds) : pod.TerminationGracePeriod();
    }
}
