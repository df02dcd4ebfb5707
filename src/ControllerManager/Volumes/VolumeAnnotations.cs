using k8s.Models;

namespace MiniKube.ControllerManager.Volumes;

/// <summary>The annotations by which binder and provisioners of claims and volumes talk.</summary>
internal static class VolumeAnnotations
{
    /// <summary>The binder, not a user, chose the volume: it may be taken back.</summary>
    public const string BoundByController = "pv.kubernetes.io/bound-by-controller";

    public const string ProvisionedBy = "pv.kubernetes.io/provisioned-by";
    public const string Provisioner = "volume.kubernetes.io/storage-provisioner";
    public const string BetaProvisioner = "volume.beta.kubernetes.io/storage-provisioner";

    public static string? Of(V1ObjectMeta? metadata, string key) => metadata?.Annotations?.TryGetValue(key, out var value) == true ? value : null;

    public static V1ObjectMeta With(V1ObjectMeta? metadata, params ReadOnlySpan<(string Key, string Value)> added)
    {
        var annotations = new Dictionary<string, string>(metadata?.Annotations ?? new Dictionary<string, string>());
        foreach (var (key, value) in added)
        {
            annotations[key] = value;
        }

        return (metadata ?? new V1ObjectMeta()) with { Annotations = annotations };
    }
}
