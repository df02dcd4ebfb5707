using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>What a claim's volume is filled of. Sources in other namespaces are a feature that is off in 1.34; others go by the rules of KEP-1495.</summary>
internal static class ClaimSources
{
    public static void Drop(JsonObject claim, JsonObject? old)
    {
        if (claim.ObjectAt("spec") is not { } spec)
        {
            return;
        }

        var (source, reference) = (old.At("spec", "dataSource"), old.At("spec", "dataSourceRef"));
        if (spec.StringAt("dataSourceRef", "namespace") is { Length: > 0 } && reference is null)
        {
            spec.Remove("dataSourceRef");
        }

        // Clients that know no dataSourceRef are used to what is neither a claim nor a snapshot being ignored; what is there they keep.
        if (source is null && reference is null && spec["dataSourceRef"] is null && !IsClaimOrSnapshot(spec.ObjectAt("dataSource")))
        {
            spec.Remove("dataSource");
        }
    }

    private static bool IsClaimOrSnapshot(JsonObject? source) => (source.StringAt("kind"), source.StringAt("apiGroup") ?? "") is
        ("PersistentVolumeClaim", "") or ("VolumeSnapshot", "snapshot.storage.k8s.io");
}
