using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.Client.Events;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Status;

namespace MiniKube.Kubelet.Pods;

/// <summary>Starts one container of a pod: waits out its back-off, gets its image, creates it, starts it, runs its postStart hook.</summary>
internal sealed class ContainerStarter(
    IContainerRuntime runtime,
    IPodEnvironment environment,
    ImagePuller puller,
    LifecycleHooks hooks,
    ContainerWaits waits,
    IEventRecorder events,
    BackOff backOff)
{
    /// <summary>Returns when to try again if it could not be started, else null.</summary>
    public async Task<TimeSpan?> StartAsync(V1Pod pod, V1Container container, RuntimePod status, CancellationToken cancellationToken)
    {
        try
        {
            WaitOutBackOff(pod, container, status.Container(container.Name));
            await StartNowAsync(pod, container, status, cancellationToken);
            waits.Clear(pod.Uid(), container.Name);
            return null;
        }
        catch (ContainerStartException exception)
        {
            waits.Set(pod.Uid(), container.Name, exception.Reason, exception.Message);
            return exception.RetryAfter ?? TimeSpan.FromSeconds(10);
        }
    }

    /// <summary>Stops a running container: first its preStop hook, then the signal, within one grace period.</summary>
    public async Task StopAsync(V1Pod pod, V1Container? spec, string id, string name, string message, TimeSpan grace, CancellationToken cancellationToken)
    {
        events.Record(pod, "Normal", "Killing", message, pod.FieldPath(name));
        if (spec?.Lifecycle?.PreStop is { } preStop && grace > TimeSpan.Zero)
        {
            var status = await runtime.GetPodAsync(pod.Uid(), cancellationToken);
            grace -= await hooks.PreStopAsync(pod, spec, preStop, id, status, grace, cancellationToken);
        }

        // Upstream's least: a container always has two seconds for its signal, unless it is to be killed at once.
        var least = grace <= TimeSpan.Zero && spec?.Lifecycle?.PreStop is not null ? TimeSpan.FromSeconds(2) : TimeSpan.Zero;
        await runtime.StopContainerAsync(id, grace > least ? grace : least, cancellationToken);
    }

    /// <summary>Drops what is remembered of the failures of a pod that is gone.</summary>
    public void Forget(string uid)
    {
        backOff.Forget(uid);
        puller.Forget(uid);
        waits.Forget(uid);
    }

    // With another image it is another program: it has not failed yet.
    private static string Key(V1Pod pod, V1Container container) => $"{pod.Uid()}/{container.Name}/{container.Image}";

    private void WaitOutBackOff(V1Pod pod, V1Container container, RuntimeContainer? last)
    {
        if (last is not { State: ContainerRunState.Exited, FinishedAt: { } finished })
        {
            return;
        }

        var key = Key(pod, container);
        var left = backOff.Remaining(key, finished);
        if (left > TimeSpan.Zero)
        {
            events.Record(pod, "Warning", "BackOff",
                $"Back-off restarting failed container {container.Name} in pod {pod.Describe()}", pod.FieldPath(container.Name));
            throw new ContainerStartException(
                "CrashLoopBackOff", $"back-off {GoDuration.Format(backOff.Delay(key))} restarting failed container={container.Name} pod={pod.Describe()}", left);
        }

        backOff.Next(key, finished);
    }

    /// <summary>An ephemeral container came after its pod was admitted.</summary>
    private void RefuseUnsupported(V1Pod pod, V1Container container)
    {
        if (UnsupportedFields.FindEphemeral(pod).Where(found => found.Container == container.Name).Select(found => found.Field).FirstOrDefault() is { } field)
        {
            var message = $"{field} is not supported by this kubelet";
            events.Record(pod, "Warning", "UnsupportedField", message, pod.FieldPath(container.Name));
            throw new ContainerStartException("UnsupportedField", message);
        }
    }

    private async Task StartNowAsync(V1Pod pod, V1Container container, RuntimePod status, CancellationToken cancellationToken)
    {
        RefuseUnsupported(pod, container);
        var image = await puller.EnsureAsync(pod, container, cancellationToken);
        var last = status.Container(container.Name);
        var attempt = last is { State: ContainerRunState.Created } ? last.Attempt : (last?.Attempt ?? -1) + 1;
        var sandbox = status.Sandbox ?? throw new ContainerStartException("CreateContainerError", "the pod has no sandbox", TimeSpan.Zero);
        var config = await ConfigureAsync(pod, container, attempt, image, status, cancellationToken);

        // A container that was made but never started would hold the name.
        if (last is { State: ContainerRunState.Created })
        {
            await runtime.RemoveContainerAsync(last.Id, cancellationToken);
        }

        var id = await CreateAsync(pod, container, sandbox.Id, config, cancellationToken);
        await StartAsync(pod, container, id, cancellationToken);
        await RemoveOlderAsync(status, container, cancellationToken);
        if (container.Lifecycle?.PostStart is { } postStart
            && await hooks.PostStartAsync(pod, container, postStart, id, status, cancellationToken) is { } failure)
        {
            waits.Set(pod.Uid(), container.Name, "PostStartHookError", failure);
            await StopAsync(pod, container, id, container.Name, "FailedPostStartHook", pod.TerminationGracePeriod(), cancellationToken);
            throw new ContainerStartException("PostStartHookError", failure, TimeSpan.Zero);
        }
    }

    private async Task<ContainerConfig> ConfigureAsync(
        V1Pod pod, V1Container container, int attempt, ImageInfo image, RuntimePod status, CancellationToken cancellationToken)
    {
        try
        {
            return await environment.ConfigureContainerAsync(pod, container, attempt, image, status, cancellationToken);
        }
        catch (ContainerStartException exception)
        {
            events.Record(pod, "Warning", "Failed", $"Error: {exception.Message}", pod.FieldPath(container.Name));
            throw;
        }
    }

    private async Task<string> CreateAsync(V1Pod pod, V1Container container, string sandbox, ContainerConfig config, CancellationToken cancellationToken)
    {
        try
        {
            var id = await runtime.CreateContainerAsync(sandbox, config, cancellationToken);
            events.Record(pod, "Normal", "Created", $"Created container: {container.Name}", pod.FieldPath(container.Name));
            return id;
        }
        catch (ContainerRuntimeException exception)
        {
            events.Record(pod, "Warning", "Failed", $"Error: {exception.Message}", pod.FieldPath(container.Name));
            throw new ContainerStartException("CreateContainerError", exception.Message);
        }
    }

    private async Task StartAsync(V1Pod pod, V1Container container, string id, CancellationToken cancellationToken)
    {
        try
        {
            await runtime.StartContainerAsync(id, cancellationToken);
            events.Record(pod, "Normal", "Started", $"Started container {container.Name}", pod.FieldPath(container.Name));
        }
        catch (ContainerRuntimeException exception)
        {
            events.Record(pod, "Warning", "Failed", $"Error: {exception.Message}", pod.FieldPath(container.Name));
            throw new ContainerStartException("RunContainerError", exception.Message, TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>One dead container is kept, for its log and last state.</summary>
    private async Task RemoveOlderAsync(RuntimePod status, V1Container container, CancellationToken cancellationToken)
    {
        foreach (var old in status.Containers.Where(candidate => candidate.Name == container.Name).Skip(1))
        {
            await runtime.RemoveContainerAsync(old.Id, cancellationToken);
        }
    }
}
