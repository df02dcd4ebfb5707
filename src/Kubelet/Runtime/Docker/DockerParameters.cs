using Docker.DotNet.Models;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>What Docker is asked for. Pure.</summary>
/// <param name="lowestOomScore">Below it the kernel lets no process of this machine go.</param>
internal sealed class DockerParameters(int lowestOomScore)
{
    private const long CpuPeriod = 100_000;

    // Upstream's: the last to be killed when memory runs out, but for the system itself.
    private const int SandboxOomScore = -998;

    public CreateContainerParameters Of(SandboxConfig pod, string image) => new()
    {
        Name = DockerLabels.NameOf(pod),
        Image = image,
        // With the node's network the node's name comes along.
        Hostname = pod.HostNetwork ? "" : pod.Hostname,
        Labels = DockerLabels.Of(pod),
        HostConfig = new HostConfig
        {
            Runtime = pod.RuntimeHandler,
            NetworkMode = pod.HostNetwork ? "host" : "default",
            PidMode = pod.HostPid ? "host" : "",
            // The others join it.
            IpcMode = pod.HostIpc ? "host" : "shareable",
            Sysctls = pod.Sysctls.Count > 0 ? new Dictionary<string, string>(pod.Sysctls) : null,
            CPUShares = 2,
            OomScoreAdj = Math.Max(lowestOomScore, SandboxOomScore),
            SecurityOpt = ["seccomp=unconfined", "no-new-privileges"],
            LogConfig = new LogConfig { Type = "none" },
        },
    };

    public CreateContainerParameters Of(ContainerConfig container, string sandboxId)
    {
        var parameters = WithImageDefaults(container, sandboxId);

        // An empty list is not the same as none: it would take the image's own away.
        if (container.Command.Count > 0)
        {
            parameters.Entrypoint = [.. container.Command];
        }

        if (container.Args.Count > 0)
        {
            parameters.Cmd = [.. container.Args];
        }

        return parameters;
    }

    public static ContainerUpdateParameters Of(ContainerResources resources) => new()
    {
        CPUShares = resources.CpuShares,
        CPUPeriod = resources.CpuQuota > 0 ? CpuPeriod : 0,
        CPUQuota = resources.CpuQuota,
        Memory = resources.Memory,
        MemorySwap = resources.Memory,
    };

    private CreateContainerParameters WithImageDefaults(ContainerConfig container, string sandboxId) => new()
    {
        Name = DockerLabels.NameOf(container),
        Image = container.Image,
        User = container.Security.User,
        Env = [.. container.Environment],
        WorkingDir = container.WorkingDir,
        OpenStdin = container.Stdin,
        StdinOnce = container.StdinOnce,
        Tty = container.Tty,
        StopSignal = container.StopSignal,
        Labels = DockerLabels.Of(container, sandboxId),
        // The pod's probes take the place of a health check that the image may have.
        Healthcheck = new HealthcheckConfig { Test = ["NONE"] },
        HostConfig = HostConfigOf(container, sandboxId),
    };

    private HostConfig HostConfigOf(ContainerConfig container, string sandboxId) => new()
    {
        Runtime = container.Pod.RuntimeHandler,
        NetworkMode = $"container:{sandboxId}",
        IpcMode = container.Pod.HostIpc ? "host" : $"container:{sandboxId}",
        PidMode = container.PidNamespace switch
        {
            "" => "",
            "host" => "host",
            "sandbox" => $"container:{sandboxId}",
            var id => $"container:{id}",
        },
        UTSMode = container.Pod.HostNetwork ? "host" : "",
        Mounts = [.. container.Mounts.Select(MountOf)],
        CPUShares = container.Resources.CpuShares,
        CPUPeriod = container.Resources.CpuQuota > 0 ? CpuPeriod : 0,
        CPUQuota = container.Resources.CpuQuota,
        Memory = container.Resources.Memory,
        // The same as memory: no swap beyond it.
        MemorySwap = container.Resources.Memory,
        OomScoreAdj = Math.Max(lowestOomScore, container.Resources.OomScoreAdj),
        Privileged = container.Security.Privileged,
        ReadonlyRootfs = container.Security.ReadOnlyRootFilesystem,
        CapAdd = [.. container.Security.AddCapabilities],
        CapDrop = [.. container.Security.DropCapabilities],
        GroupAdd = [.. container.Security.SupplementalGroups],
        SecurityOpt = SecurityOptions(container.Security),
        LogConfig = new LogConfig { Type = "json-file", Config = new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "2" } },
    };

    private static List<string> SecurityOptions(ContainerSecurity security)
    {
        var options = new List<string>();
        if (security.SeccompProfile.Length > 0)
        {
            options.Add($"seccomp={security.SeccompProfile}");
        }

        if (security.AppArmorProfile.Length > 0)
        {
            options.Add($"apparmor={security.AppArmorProfile}");
        }

        options.AddRange(security.SeLinuxLabels.Select(label => $"label={label}"));

        if (security.NoNewPrivileges)
        {
            options.Add("no-new-privileges");
        }

        return options;
    }

    private static Mount MountOf(MountSpec mount) => new()
    {
        Type = "bind",
        Source = mount.HostPath,
        Target = mount.ContainerPath,
        ReadOnly = mount.ReadOnly,
        BindOptions = new BindOptions { Propagation = mount.Propagation },
    };
}
