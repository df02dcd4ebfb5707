using k8s.Models;

using MiniKube.Kubelet.Network;
using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Pods;

/// <summary>What a real node gives its pods.</summary>
internal sealed class NodePodEnvironment(
    NodeAgentOptions options, NodeFacts facts, PodVolumes volumes, ContainerEnvironment variables, ContainerMounts mounts, RuntimeHandlers handlers, HostPorts hostPorts)
    : IPodEnvironment
{
    public IEnumerable<string> Held => volumes.Held;

    public Task PrepareAsync(V1Pod pod, CancellationToken cancellationToken) => volumes.PrepareAsync(pod, cancellationToken);

    public string? FindOverfullVolume(V1Pod pod) => volumes.FindOverfull(pod);

    public async Task<SandboxConfig> ConfigureSandboxAsync(V1Pod pod, int attempt, CancellationToken cancellationToken) => new(pod.Uid(), pod.Namespace(), pod.Name(), attempt)
    {
        RuntimeHandler = await handlers.OfAsync(pod, cancellationToken),
        Hostname = PodDns.FindFault(pod, options.ClusterDomain) is { } fault ? throw new ContainerRuntimeException(fault) : PodDns.Hostname(pod, options.ClusterDomain),
        HostNetwork = pod.HostNetwork(),
        HostPid = pod.Spec?.HostPID == true,
        HostIpc = pod.Spec?.HostIPC == true,
        Limits = ContainerResourceMath.OfWhole(pod),
        Sysctls = (pod.Spec?.SecurityContext?.Sysctls ?? []).ToDictionary(sysctl => Sysctls.Normalize(sysctl.Name), sysctl => sysctl.Value),
    };

    public Task ConnectAsync(V1Pod pod, RuntimeSandbox sandbox, CancellationToken cancellationToken) => hostPorts.EnsureAsync(pod, sandbox.Ip, cancellationToken);

    public async Task<ContainerConfig> ConfigureContainerAsync(
        V1Pod pod, V1Container container, int attempt, ImageInfo image, RuntimePod status, CancellationToken cancellationToken)
    {
        var ip = pod.HostNetwork() ? options.NodeIp : status.Sandbox?.Ip ?? "";
        var environment = await variables.ResolveAsync(pod, container, ip, cancellationToken);
        var expansion = new VariableExpansion(environment);
        var (files, messagePath) = mounts.Of(pod, container, attempt, ip, expansion);
        return new ContainerConfig(await ConfigureSandboxAsync(pod, 0, cancellationToken), container.Name, attempt, container.Image ?? "", image.Reference)
        {
            Command = [.. (container.Command ?? []).Select(expansion.Expand)],
            Args = [.. (container.Args ?? []).Select(expansion.Expand)],
            WorkingDir = container.WorkingDir ?? "",
            Environment = [.. environment.Select(variable => $"{variable.Name}={variable.Value}")],
            Mounts = files,
            Resources = ContainerResourceMath.Of(pod, container, facts.Memory),
            Security = WithSeccomp(container, ContainerSecurityRules.Of(pod, container, image)),
            PidNamespace = PidNamespace(pod, container, status),
            Stdin = container.Stdin == true,
            StdinOnce = container.StdinOnce == true,
            Tty = container.Tty == true,
            StopSignal = container.Lifecycle?.StopSignal ?? "",
            TerminationMessagePath = messagePath,
            TerminationMessageFromLogs = container.TerminationMessagePolicy == "FallbackToLogsOnError",
            TerminationGracePeriod = PodExtensions.Seconds(pod.Spec?.TerminationGracePeriodSeconds ?? 30),
        };
    }

    public async Task ReleaseAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        await hostPorts.RemoveAsync(pod, cancellationToken);
        volumes.Remove(pod);
    }

    /// <summary>A profile of the node is a file below <c>seccomp</c> in the kubelet's folder; the engine wants what is in it.</summary>
    private ContainerSecurity WithSeccomp(V1Container container, ContainerSecurity security)
    {
        if (!security.SeccompProfile.StartsWith(ContainerSecurityRules.Localhost, StringComparison.Ordinal))
        {
            return security;
        }

        var path = Path.Combine(options.RootDirectory, "seccomp", security.SeccompProfile[ContainerSecurityRules.Localhost.Length..]);
        try
        {
            return security with { SeccompProfile = File.ReadAllText(path) };
        }
        catch (IOException)
        {
            throw new ContainerStartException(
                "CreateContainerError", $"failed to generate seccomp security options for container \"{container.Name}\": cannot load seccomp profile \"{path}\": open {path}: no such file or directory");
        }
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
