using System.Globalization;

using k8s.Models;

using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Pods;

/// <summary>As whom and with which rights a container runs: its own security context, else its pod's, else its image's. Pure.</summary>
internal static class ContainerSecurityRules
{
    /// <summary>How a seccomp profile of the node begins; its path follows.</summary>
    public const string Localhost = "localhost/";

    public static ContainerSecurity Of(V1Pod pod, V1Container container, ImageInfo image)
    {
        var own = container.SecurityContext;
        var common = pod.Spec?.SecurityContext;
        var user = own?.RunAsUser ?? common?.RunAsUser;
        var group = own?.RunAsGroup ?? common?.RunAsGroup;
        if ((own?.RunAsNonRoot ?? common?.RunAsNonRoot) == true)
        {
            RefuseRoot(pod, container, user, image.User);
        }

        var groups = (common?.SupplementalGroups ?? []).OfType<long>().ToList();
        if (common?.FsGroup is { } fsGroup)
        {
            groups.Add(fsGroup);
        }

        return new ContainerSecurity
        {
            User = User(user, group, image.User),
            SupplementalGroups = [.. groups.Select(Number)],
            Privileged = own?.Privileged == true,
            ReadOnlyRootFilesystem = own?.ReadOnlyRootFilesystem == true,
            NoNewPrivileges = own?.AllowPrivilegeEscalation == false,
            AddCapabilities = [.. own?.Capabilities?.Add ?? []],
            DropCapabilities = [.. own?.Capabilities?.Drop ?? []],
            SeccompProfile = Seccomp(own?.SeccompProfile ?? common?.SeccompProfile),
            AppArmorProfile = (own?.AppArmorProfile ?? common?.AppArmorProfile) switch
            {
                { Type: "Unconfined" } => "unconfined",
                { Type: "Localhost" } profile => profile.LocalhostProfile ?? "",
                _ => "",
            },
            SeLinuxLabels = [.. SeLinux(own?.SeLinuxOptions ?? common?.SeLinuxOptions)],
        };
    }

    private static string Seccomp(V1SeccompProfile? profile) => profile?.Type switch
    {
        "RuntimeDefault" => "",
        "Localhost" => Localhost + profile.LocalhostProfile,
        _ => "unconfined",
    };

    private static IEnumerable<string> SeLinux(V1SELinuxOptions? options) =>
        new[] { ("user", options?.User), ("role", options?.Role), ("type", options?.Type), ("level", options?.Level) }
            .Where(label => !string.IsNullOrEmpty(label.Item2)).Select(label => $"{label.Item1}:{label.Item2}");

    private static void RefuseRoot(V1Pod pod, V1Container container, long? user, string imageUser)
    {
        var where = $"(pod: \"{pod.Describe()}\", container: {container.Name})";
        var name = imageUser.Split(':')[0];
        var problem = user switch
        {
            0 => $"container's runAsUser breaks non-root policy {where}",
            not null => null,
            _ when name.Length == 0 || name == "0" => $"container has runAsNonRoot and image will run as root {where}",
            _ when !long.TryParse(name, CultureInfo.InvariantCulture, out _) =>
                $"container has runAsNonRoot and image has non-numeric user ({name}), cannot verify user is non-root {where}",
            _ => null,
        };
        if (problem is not null)
        {
            throw new ContainerStartException("CreateContainerConfigError", problem, TimeSpan.FromSeconds(10));
        }
    }

    private static string User(long? user, long? group, string imageUser) => (user, group) switch
    {
        ({ } uid, { } gid) => $"{Number(uid)}:{Number(gid)}",
        ({ } uid, null) => Number(uid),
        (null, { } gid) => $"{(imageUser.Length > 0 ? imageUser.Split(':')[0] : "0")}:{Number(gid)}",
        _ => "",
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
