using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Authorization.Nodes;

/// <summary>The names of what a pod needs from its namespace, so that its node may read them. Read once a pod version.</summary>
internal sealed class PodReferences
{
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";
    private static readonly ConditionalWeakTable<CachedObject, PodReferences> Known = [];

    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _configMaps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _claims = new(StringComparer.Ordinal);
    private readonly HashSet<string> _resourceClaims = new(StringComparer.Ordinal);

    private PodReferences(JsonObject pod, bool isMirror)
    {
        if (isMirror)
        {
            // A node makes mirror pods itself: what they name must not open anything to it.
            return;
        }

        ServiceAccount = pod.StringAt("spec", "serviceAccountName") ?? "";
        ReadContainers(pod);
        ReadVolumes(pod);
        AddNames(_secrets, pod.ObjectsAt("spec", "imagePullSecrets"));
        AddNames(_resourceClaims, pod.ObjectsAt("spec", "resourceClaims"), "resourceClaimName");
        AddNames(_resourceClaims, pod.ObjectsAt("status", "resourceClaimStatuses"), "resourceClaimName");
    }

    public string ServiceAccount { get; } = "";

    public IReadOnlySet<string> Secrets => _secrets;

    public IReadOnlySet<string> ConfigMaps => _configMaps;

    /// <summary>Persistent volume claims.</summary>
    public IReadOnlySet<string> Claims => _claims;

    public IReadOnlySet<string> ResourceClaims => _resourceClaims;

    public static PodReferences Of(CachedObject pod) => Known.GetValue(pod, static obj =>
    {
        var json = ObjectCodec.Parse(obj.Json.Span);
        return new PodReferences(json, json.At("metadata", "annotations", MirrorAnnotation) is not null);
    });

    /// <param name="pod">Any pod.</param>
    /// <param name="isMirror">Whether its references open nothing: then none are found.</param>
    public static PodReferences Of(JsonObject pod, bool isMirror) => new(pod, isMirror);

    private void ReadContainers(JsonObject pod)
    {
        foreach (var list in (string[])["containers", "initContainers", "ephemeralContainers"])
        {
            foreach (var container in pod.ObjectsAt("spec", list))
            {
                foreach (var variable in container.ObjectsAt("env"))
                {
                    Add(_secrets, variable.ObjectAt("valueFrom", "secretKeyRef"));
                    Add(_configMaps, variable.ObjectAt("valueFrom", "configMapKeyRef"));
                }

                foreach (var source in container.ObjectsAt("envFrom"))
                {
                    Add(_secrets, source.ObjectAt("secretRef"));
                    Add(_configMaps, source.ObjectAt("configMapRef"));
                }
            }
        }
    }

    private void ReadVolumes(JsonObject pod)
    {
        foreach (var volume in pod.ObjectsAt("spec", "volumes"))
        {
            Add(_secrets, volume.ObjectAt("secret"), "secretName");
            Add(_secrets, volume.ObjectAt("azureFile"), "secretName");
            Add(_configMaps, volume.ObjectAt("configMap"));
            Add(_claims, volume.ObjectAt("persistentVolumeClaim"), "claimName");
            if (volume.ObjectAt("ephemeral") is not null)
            {
                _claims.Add($"{pod.StringAt("metadata", "name")}-{volume.StringAt("name")}");
            }

            foreach (var source in volume.ObjectsAt("projected", "sources"))
            {
                Add(_secrets, source.ObjectAt("secret"));
                Add(_configMaps, source.ObjectAt("configMap"));
            }

            // Drivers: cephfs, rbd, iscsi, flexVolume, scaleIO, storageos, cinder and csi name a secret each.
            foreach (var (_, source) in volume)
            {
                Add(_secrets, source.ObjectAt("secretRef"));
                Add(_secrets, source.ObjectAt("nodePublishSecretRef"));
            }
        }
    }

    private static void AddNames(HashSet<string> names, IEnumerable<JsonObject> references, string field = "name")
    {
        foreach (var reference in references)
        {
            Add(names, reference, field);
        }
    }

    private static void Add(HashSet<string> names, JsonObject? reference, string field = "name")
    {
        if (reference.StringAt(field) is { Length: > 0 } name)
        {
            names.Add(name);
        }
    }
}
