using k8s.Models;

using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Runtime;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Pods;

/// <summary>The files of the node that a container sees: its volumes, /etc/hosts, /etc/resolv.conf, the file for its last words.</summary>
internal sealed class ContainerMounts(NodeAgentOptions options, NodeDirectory node, PodVolumes volumes)
{
    private const string HostsPath = "/etc/hosts";
    private const string ResolvPath = "/etc/resolv.conf";
    private const UnixFileMode EveryoneMayWrite =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The mounts, and where on the node the termination message will be.</summary>
    public (IReadOnlyList<MountSpec> Mounts, string TerminationMessagePath) Of(
        V1Pod pod, V1Container container, int attempt, string ip, VariableExpansion variables)
    {
        var mounts = (container.VolumeMounts ?? []).Select(mount => Of(pod, mount, variables)).ToList();
        var directory = PodDirectory.Of(node, pod);
        Directory.CreateDirectory(directory.Path);
        if (mounts.All(mount => mount.ContainerPath != HostsPath))
        {
            var nodeHosts = pod.HostNetwork() ? ReadIfThere(HostsPath) : "";
            mounts.Add(Write(directory.EtcHosts, PodDns.HostsFile(pod, ip, options.ClusterDomain, nodeHosts), HostsPath));
        }

        if (mounts.All(mount => mount.ContainerPath != ResolvPath))
        {
            mounts.Add(Write(directory.ResolvConf, PodDns.ResolvConf(pod, options, ReadIfThere(options.ResolvConf)), ResolvPath));
        }

        var message = MessageFile(directory, container, attempt);
        mounts.Add(new MountSpec(message, container.TerminationMessagePath is { Length: > 0 } path ? path : "/dev/termination-log", ReadOnly: false));
        return (mounts, message);
    }

    private static string ReadIfThere(string path) => File.Exists(path) ? File.ReadAllText(path) : "";

    private static MountSpec Write(string path, string text, string containerPath)
    {
        // Other containers of the pod may have it mounted already: the same file is written again, not replaced.
        if (ReadIfThere(path) != text)
        {
            File.WriteAllText(path, text);
        }

        return new MountSpec(path, containerPath, ReadOnly: false);
    }

    private static string MessageFile(PodDirectory directory, V1Container container, int attempt)
    {
        var path = directory.TerminationMessage(container.Name, attempt);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? directory.Path);
        File.WriteAllBytes(path, []);
        File.SetUnixFileMode(path, EveryoneMayWrite);
        return path;
    }

    private MountSpec Of(V1Pod pod, V1VolumeMount mount, VariableExpansion variables)
    {
        var volume = pod.Spec?.Volumes?.FirstOrDefault(candidate => candidate.Name == mount.Name)
            ?? throw new ContainerStartException("CreateContainerConfigError", $"cannot find volume \"{mount.Name}\" to mount into container");
        var path = volumes.PathOf(pod, volume);
        var subPath = mount.SubPath ?? "";
        if (!string.IsNullOrEmpty(mount.SubPathExpr))
        {
            subPath = variables.Expand(mount.SubPathExpr, out var missing);
            if (missing.Count > 0)
            {
                throw new ContainerStartException("CreateContainerConfigError", $"missing value for {string.Join(", ", missing)}");
            }
        }

        if (subPath.Length > 0)
        {
            path = SubPaths.Resolve(path, subPath);
        }

        // Volumes that are made of objects are never written to by the pod.
        var isMade = volume.ConfigMap is not null || volume.Secret is not null || volume.DownwardAPI is not null || volume.Projected is not null;
        return new MountSpec(path, mount.MountPath ?? "", mount.ReadOnlyProperty == true || isMade || volume.PersistentVolumeClaim?.ReadOnlyProperty == true, mount.MountPropagation switch
        {
            "HostToContainer" => "rslave",
            "Bidirectional" => "rshared",
            _ => "rprivate",
        });
    }
}
