using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>The part of <see cref="UnsupportedFields"/> that is about volumes.</summary>
internal static class UnsupportedVolumeFields
{
    public static IEnumerable<string> Find(V1Volume volume, string path) => UnsupportedFields.Set(path,
        ("awsElasticBlockStore", volume.AwsElasticBlockStore is not null),
        ("azureDisk", volume.AzureDisk is not null),
        ("azureFile", volume.AzureFile is not null),
        ("cephfs", volume.Cephfs is not null),
        ("cinder", volume.Cinder is not null),
        ("csi", volume.Csi is not null),
        ("fc", volume.Fc is not null),
        ("flexVolume", volume.FlexVolume is not null),
        ("flocker", volume.Flocker is not null),
        ("gcePersistentDisk", volume.GcePersistentDisk is not null),
        ("gitRepo", volume.GitRepo is not null),
        ("glusterfs", volume.Glusterfs is not null),
        ("image", volume.Image is not null),
        ("iscsi", volume.Iscsi is not null),
        ("nfs", volume.Nfs is not null),
        ("photonPersistentDisk", volume.PhotonPersistentDisk is not null),
        ("portworxVolume", volume.PortworxVolume is not null),
        ("quobyte", volume.Quobyte is not null),
        ("rbd", volume.Rbd is not null),
        ("scaleIO", volume.ScaleIO is not null),
        ("storageos", volume.Storageos is not null),
        ("vsphereVolume", volume.VsphereVolume is not null),
        ("emptyDir.medium", volume.EmptyDir?.Medium is not (null or "" or "Memory")),
        ("emptyDir.mode", volume.EmptyDir?.Mode is not null),
        ("configMap.defaultUser", volume.ConfigMap?.DefaultUser is not null),
        ("secret.defaultUser", volume.Secret?.DefaultUser is not null),
        ("downwardAPI.defaultUser", volume.DownwardAPI?.DefaultUser is not null),
        ("projected.defaultUser", volume.Projected?.DefaultUser is not null))
        .Concat(Items(volume.ConfigMap?.Items, $"{path}.configMap"))
        .Concat(Items(volume.Secret?.Items, $"{path}.secret"))
        .Concat(Items(volume.DownwardAPI?.Items, $"{path}.downwardAPI"))
        .Concat((volume.Projected?.Sources ?? []).SelectMany((source, i) => Projection(source, $"{path}.projected.sources[{i}]")));

    private static IEnumerable<string> Projection(V1VolumeProjection source, string path) => UnsupportedFields.Set(path,
        ("clusterTrustBundle", source.ClusterTrustBundle is not null),
        ("podCertificate", source.PodCertificate is not null),
        ("serviceAccountToken.user", source.ServiceAccountToken?.User is not null))
        .Concat(Items(source.ConfigMap?.Items, $"{path}.configMap"))
        .Concat(Items(source.Secret?.Items, $"{path}.secret"))
        .Concat(Items(source.DownwardAPI?.Items, $"{path}.downwardAPI"));

    private static IEnumerable<string> Items(IList<V1KeyToPath>? items, string path) =>
        (items ?? []).SelectMany((item, i) => UnsupportedFields.Set($"{path}.items[{i}]", ("user", item.User is not null)));

    private static IEnumerable<string> Items(IList<V1DownwardAPIVolumeFile>? items, string path) =>
        (items ?? []).SelectMany((item, i) => UnsupportedFields.Set($"{path}.items[{i}]", ("user", item.User is not null)));
}
