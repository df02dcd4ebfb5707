using k8s;
using k8s.Models;

using MiniKube.Client.Events;
using MiniKube.Kubelet.Probes;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Pods;

/// <summary>Runs what a container wants run after its start and before its end.</summary>
internal sealed class LifecycleHooks(IContainerRuntime runtime, HttpProber http, string nodeIp, IEventRecorder events, TimeProvider clock)
{
    // A hook without end must not hold its pod for ever: as long as a container could run at all.
    private static readonly TimeSpan PostStartLimit = TimeSpan.FromHours(1);

    /// <summary>Why it failed, or null.</summary>
    public async Task<string?> PostStartAsync(
        V1Pod pod, V1Container container, V1LifecycleHandler handler, string id, RuntimePod status, CancellationToken cancellationToken)
    {
        if (await RunAsync(pod, container, handler, id, status, PostStartLimit, cancellationToken) is not { } failure)
        {
            return null;
        }

        events.Record(pod, "Warning", "FailedPostStartHook", "PostStartHook failed", pod.FieldPath(container.Name));
        return failure;
    }

    /// <summary>Returns the time it took, which counts against the grace period. Its failure changes nothing.</summary>
    public async Task<TimeSpan> PreStopAsync(
        V1Pod pod, V1Container container, V1LifecycleHandler handler, string id, RuntimePod status, TimeSpan grace, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (await RunAsync(pod, container, handler, id, status, grace, cancellationToken) is not null)
        {
            events.Record(pod, "Warning", "FailedPreStopHook", "PreStopHook failed", pod.FieldPath(container.Name));
        }

        return clock.GetElapsedTime(started);
    }

    private async Task<string?> RunAsync(
        V1Pod pod, V1Container container, V1LifecycleHandler handler, string id, RuntimePod status, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            if (handler.Exec is { } exec)
            {
                var result = await runtime.ExecAsync(id, [.. exec.Command ?? []], limit, cancellationToken);
                return result.ExitCode == 0 ? null
                    : $"Exec lifecycle hook ([{string.Join(' ', exec.Command ?? [])}]) for Container \"{container.Name}\" in Pod \"{pod.Describe()}\" failed - error: command '{string.Join(' ', exec.Command ?? [])}' exited with {result.ExitCode}: {result.Output}";
            }

            if (handler.HttpGet is { } get)
            {
                var outcome = await http.ProbeAsync(get, container, pod.HostNetwork() ? nodeIp : status.Sandbox?.Ip ?? "", limit, cancellationToken);
                return outcome.Success ? null : outcome.Output;
            }

            if (handler.Sleep is { } sleep)
            {
                var wanted = PodExtensions.Seconds(sleep.Seconds);
                await Task.Delay(wanted < limit ? wanted : limit, clock, cancellationToken);
                return null;
            }

            // There is no hook of a TCP socket, though the API has a place for it.
            return $"invalid handler: {KubernetesJson.Serialize(handler)}";
        }
        catch (Exception exception) when (exception is TimeoutException or ContainerRuntimeException)
        {
            return exception.Message;
        }
    }
}
