using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>
/// Finds the fields of a pod that this kubelet does not implement. A test holds every field of PodSpec, and of what is in it, against these lists: what is
/// not here is implemented, or another component's (scheduling, for example).
/// </summary>
internal static class UnsupportedFields
{
    public static IEnumerable<string> Find(V1Pod pod)
    {
        if (pod.Spec is not { } spec)
        {
            return [];
        }

        return Pod(spec)
            .Concat(spec.SecurityContext is { } security ? PodSecurity(security) : [])
            .Concat((spec.Volumes ?? []).SelectMany((volume, i) => Volume(volume, $"spec.volumes[{i}]")))
            .Concat((spec.InitContainers ?? []).SelectMany((container, i) => Container(container, $"spec.initContainers[{i}]")))
            .Concat((spec.Containers ?? []).SelectMany((container, i) => Container(container, $"spec.containers[{i}]")));
    }

    private static IEnumerable<string> Pod(V1PodSpec spec) => Set("spec",
        ("resourceClaims", spec.ResourceClaims is { Count: > 0 }),
        ("resources", spec.Resources is { } resources && (resources.Limits is { Count: > 0 } || resources.Requests is { Count: > 0 } || resources.Claims is { Count: > 0 })),
        ("runtimeClassName", !string.IsNullOrEmpty(spec.RuntimeClassName)),
        ("hostUsers", spec.HostUsers == false),
        ("hostnameOverride", !string.IsNullOrEmpty(spec.HostnameOverride)),
        ("os", spec.Os?.Name is not (null or "linux")),
        ("schedulingGroup", spec.SchedulingGroup is not null),
        ("evictionResponders", spec.EvictionResponders is { Count: > 0 }));

    private static IEnumerable<string> PodSecurity(V1PodSecurityContext security) => Set("spec.securityContext",
        ("seLinuxOptions", security.SeLinuxOptions is not null),
        ("windowsOptions", security.WindowsOptions is not null),
        ("supplementalGroupsPolicy", security.SupplementalGroupsPolicy is not (null or "Merge")),
        ("seccompProfile.localhostProfile", security.SeccompProfile?.Type == "Localhost"),
        ("appArmorProfile", security.AppArmorProfile?.Type is not (null or "Unconfined" or "RuntimeDefault")));

    private static IEnumerable<string> Volume(V1Volume volume, string path) => Set(path,
        ("awsElasticBlockStore", volume.AwsElasticBlockStore is not null),
        ("azureDisk", volume.AzureDisk is not null),
        ("azureFile", volume.AzureFile is not null),
        ("cephfs", volume.Cephfs is not null),
        ("cinder", volume.Cinder is not null),
        ("csi", volume.Csi is not null),
        ("ephemeral", volume.Ephemeral is not null),
        ("fc", volume.Fc is not null),
        ("flexVolume", volume.FlexVolume is not null),
        ("flocker", volume.Flocker is not null),
        ("gcePersistentDisk", volume.GcePersistentDisk is not null),
        ("gitRepo", volume.GitRepo is not null),
        ("glusterfs", volume.Glusterfs is not null),
        ("image", volume.Image is not null),
        ("iscsi", volume.Iscsi is not null),
        ("nfs", volume.Nfs is not null),
        ("persistentVolumeClaim", volume.PersistentVolumeClaim is not null),
        ("photonPersistentDisk", volume.PhotonPersistentDisk is not null),
        ("portworxVolume", volume.PortworxVolume is not null),
        ("quobyte", volume.Quobyte is not null),
        ("rbd", volume.Rbd is not null),
        ("scaleIO", volume.ScaleIO is not null),
        ("storageos", volume.Storageos is not null),
        ("vsphereVolume", volume.VsphereVolume is not null),
        ("emptyDir.mode", volume.EmptyDir?.Mode is not null),
        ("configMap.defaultUser", volume.ConfigMap?.DefaultUser is not null),
        ("secret.defaultUser", volume.Secret?.DefaultUser is not null),
        ("downwardAPI.defaultUser", volume.DownwardAPI?.DefaultUser is not null),
        ("projected.defaultUser", volume.Projected?.DefaultUser is not null))
        .Concat((volume.Projected?.Sources ?? []).SelectMany((source, i) => Projection(source, $"{path}.projected.sources[{i}]")));

    private static IEnumerable<string> Projection(V1VolumeProjection source, string path) => Set(path,
        ("clusterTrustBundle", source.ClusterTrustBundle is not null),
        ("podCertificate", source.PodCertificate is not null),
        ("serviceAccountToken", source.ServiceAccountToken is not null));

    private static IEnumerable<string> Container(V1Container container, string path) => Set(path,
        ("volumeDevices", container.VolumeDevices is { Count: > 0 }),
        ("restartPolicyRules", container.RestartPolicyRules is { Count: > 0 }),
        ("restartPolicy", container.RestartPolicy is not (null or "Always") || (container.RestartPolicy is not null && path.StartsWith("spec.containers", StringComparison.Ordinal))),
        ("resources.claims", container.Resources?.Claims is { Count: > 0 }),
        ("resources.limits", OtherResource(container.Resources?.Limits) is not null),
        ("lifecycle.postStart.tcpSocket", container.Lifecycle?.PostStart?.TcpSocket is not null),
        ("lifecycle.preStop.tcpSocket", container.Lifecycle?.PreStop?.TcpSocket is not null))
        .Concat(Security(container.SecurityContext, $"{path}.securityContext"))
        .Concat((container.Env ?? []).SelectMany((variable, i) => Set($"{path}.env[{i}]", ("valueFrom.fileKeyRef", variable.ValueFrom?.FileKeyRef is not null))))
        .Concat((container.VolumeMounts ?? []).SelectMany((mount, i) => Mount(mount, $"{path}.volumeMounts[{i}]")));

    private static IEnumerable<string> Mount(V1VolumeMount mount, string path) => Set(path,
        ("recursiveReadOnly", mount.RecursiveReadOnly is not (null or "Disabled" or "IfPossible")),
        ("bindMountOptions", mount.BindMountOptions is { Count: > 0 }));

    private static IEnumerable<string> Security(V1SecurityContext? security, string path) => Set(path,
        ("seLinuxOptions", security?.SeLinuxOptions is not null),
        ("windowsOptions", security?.WindowsOptions is not null),
        ("procMount", security?.ProcMount is not (null or "Default")),
        ("seccompProfile.localhostProfile", security?.SeccompProfile?.Type == "Localhost"),
        ("appArmorProfile", security?.AppArmorProfile?.Type is not (null or "Unconfined" or "RuntimeDefault")));

    // Storage is asked of the scheduler only; devices and huge pages need what is not here.
    private static string? OtherResource(IDictionary<string, ResourceQuantity>? limits) =>
        limits?.Keys.FirstOrDefault(name => name is not ("cpu" or "memory" or "ephemeral-storage"));

    private static IEnumerable<string> Set(string path, params IEnumerable<(string Name, bool IsSet)> fields) =>
        fields.Where(field => field.IsSet).Select(field => $"{path}.{field.Name}");
}
