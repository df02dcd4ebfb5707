using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.Client.Events;
using MiniKube.Kubelet.Network;
using MiniKube.Kubelet.Pods;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Probes;

/// <summary>Runs a probe in the way that its handler says. An Unhealthy event tells of each failure, a ProbeWarning of what is well only just.</summary>
internal sealed class Prober(IContainerRuntime runtime, HttpProber http, GrpcProber grpc, NodeNetwork network, string nodeIp, IEventRecorder events) : IProber
{
    public async Task<ProbeOutcome> ProbeAsync(ProbeType type, V1Probe probe, ProbeTarget target, CancellationToken cancellationToken)
    {
        var ip = target.Pod.HostNetwork() ? nodeIp : target.PodIp;
        var timeout = PodExtensions.Seconds(Math.Max(1, probe.TimeoutSeconds ?? 1));
        var outcome = probe switch
        {
            { Exec: { } exec } => await ExecAsync(exec, target, timeout, cancellationToken),
            { HttpGet: { } get } => await http.ProbeAsync(get, target.Container, ip, timeout, cancellationToken),
            { TcpSocket: { } socket } => await TcpProber.ProbeAsync(socket, target.Container, ip, network, timeout, cancellationToken),
            { Grpc: { } health } => await grpc.ProbeAsync(health, ip, timeout, cancellationToken),
            _ => new ProbeOutcome(false, $"missing probe handler for {target.Pod.Describe()}:{target.Container.Name}"),
        };
        if (outcome.IsWarning)
        {
            events.Record(target.Pod, "Warning", "ProbeWarning", $"{type} probe warning: {outcome.Output}", target.Pod.FieldPath(target.Container.Name));
        }
        else if (!outcome.Success)
        {
            events.Record(target.Pod, "Warning", "Unhealthy", $"{type} probe failed: {outcome.Output}", target.Pod.FieldPath(target.Container.Name));
        }

        return outcome;
    }

    private async Task<ProbeOutcome> ExecAsync(V1ExecAction exec, ProbeTarget target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> command = [.. exec.Command ?? []];
        try
        {
            var result = await runtime.ExecAsync(target.ContainerId, command, timeout, cancellationToken);
            return new ProbeOutcome(result.ExitCode == 0, result.Output);
        }
        catch (TimeoutException)
        {
            return new ProbeOutcome(false, $"command timed out: \"{string.Join(' ', command)}\" timed out after {GoDuration.Format(timeout)}");
        }
        catch (ContainerRuntimeException exception)
        {
            return new ProbeOutcome(false, exception.Message);
        }
    }
}
