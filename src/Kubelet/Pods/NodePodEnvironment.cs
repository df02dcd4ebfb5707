using k8s.Models;

using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Pods;

/// <summary>What a real node gives its pods.</summary>
internal sealed class NodePodEnvironment(
    NodeAgentOptions options, NodeFacts facts, PodVolumes volumes, ContainerEnvironment variables, ContainerMounts mounts) : IPodEnvironment
{
    public Task PrepareAsync(V1Pod pod, CancellationToken cancellationToken) => volumes.PrepareAsync(pod, cancellationToken);

    public string? FindOverfullVolume(V1Pod pod) => volumes.FindOverfull(pod);

    public SandboxConfig ConfigureSandbox(V1Pod pod, int attempt) => new(pod.Uid(), pod.Namespace(), pod.Name(), attempt)
    {
        Hostname = PodDns.Hostname(pod, options.ClusterDomain),
        HostNetwork = pod.HostNetwork(),
        HostPid = pod.Spec?.HostPID == true,
        HostIpc = pod.Spec?.HostIPC == true,
        Sysctls = (pod.Spec?.SecurityContext?.Sysctls ?? []).ToDictionary(sysctl => sysctl.Name, sysctl => sysctl.Value),
    };

    public async Task<ContainerConfig> ConfigureContainerAsync(
        V1Pod pod, V1Container container, int attempt, ImageInfo image, RuntimePod status, CancellationToken cancellationToken)
    {
        var ip = pod.HostNetwork() ? options.NodeIp : status.Sandbox?.Ip ?? "";
        var environment = await variables.ResolveAsync(pod, container, ip, cancellationToken);
        var expansion = new VariableExpansion(environment);
        var (files, messagePath) = mounts.Of(pod, container, attempt, ip, expansion);
        return new ContainerConfig(ConfigureSandbox(pod, 0), container.Name, attempt, container.Image ?? "", image.Reference)
        {
            Command = [.. (container.Command ?? []).Select(expansion.Expand)],
            Args = [.. (container.Args ?? []).Select(expansion.Expand)],
            WorkingDir = container.WorkingDir ?? "",
            Environment = [.. environment.Select(variable => $"{variable.Name}={variable.Value}")],
            Mounts = files,
            Resources = ContainerResourceMath.Of(pod, container, facts.Memory),
            Security = ContainerSecurityRules.Of(pod, container, image),
            PidNamespace = PidNamespace(pod, container, status),
            Stdin = container.Stdin == true,
            StdinOnce = container.StdinOnce == true,
            Tty = container.Tty == true,
            StopSignal = container.Lifecycle?.StopSignal ?? "",
            TerminationMessagePath = messagePath,
            TerminationMessageFromLogs = container.TerminationMessagePolicy == "FallbackToLogsOnError",
            TerminationGracePeriod = TimeSpan.FromSeconds(pod.Spec?.TerminationGracePeriodSeconds ?? 30),
        };
    }

    public Task ReleaseAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        volumes.Remove(pod);
        return Task.CompletedTask;
    }

    private static string PidNamespace(V1Pod pod, V1Container container, RuntimePod status)
    {
        var target = pod.Spec?.EphemeralContainers?.FirstOrDefault(candidate => candidate.Name == container.Name)?.TargetContainerName;
        return pod.Spec?.HostPID == true ? "host"
            : pod.Spec?.ShareProcessNamespace == true ? "sandbox"
            : !string.IsNullOrEmpty(target) ? status.Container(target)?.Id ?? ""
            : "";
    }
}
