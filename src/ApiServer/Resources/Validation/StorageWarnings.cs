using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What is allowed in volumes, claims and classes but hardly meant, or is no more.</summary>
internal static class StorageWarnings
{
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    private static readonly string[] Amounts = ["requests", "limits"];

    // In upstream's order.
    private static readonly (string Source, string Text)[] OldVolumes =
    [
        ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
        ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ];

    public static IEnumerable<string> OfVolume(JsonObject volume)
    {
        var spec = volume.ObjectAt("spec") ?? [];
        foreach (var warning in OfAnnotation(volume))
        {
            yield return warning;
        }

        if (spec.StringAt("persistentVolumeReclaimPolicy") == "Recycle")
        {
            yield return "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.";
        }

        foreach (var (index, term) in spec.ObjectsAt("nodeAffinity", "required", "nodeSelectorTerms").Index())
        {
            foreach (var warning in NodeLabelWarnings.OfTerm($"spec.nodeAffinity.required.nodeSelectorTerms[{index}]", term))
            {
                yield return warning;
            }
        }

        foreach (var (source, text) in OldVolumes.Where(old => spec[old.Source] is not null))
        {
            yield return $"spec.{(source == "storageos" ? "storageOS" : source)}: {text}";
        }
    }

    public static IEnumerable<string> OfClaim(JsonObject claim) => OfAnnotation(claim).Concat(OfClaimSpec("spec", claim.ObjectAt("spec")));

    /// <summary>The spec of a claim, or of a template for claims.</summary>
    public static IEnumerable<string> OfClaimSpec(string path, JsonObject? spec) =>
        from list in Amounts
        let text = FieldPath.Text(spec.At("resources", list, "storage"))
        where Quantity.TryParse(text, out var amount) && amount.MilliValue % 1000 != 0
        select $"{path}.resources.{list}[storage]: fractional byte value {GoText.Quote(text)} is invalid, must be an integer";

    public static IEnumerable<string> OfClass(JsonObject storage) =>
        from topology in storage.ObjectsAt("allowedTopologies").Index()
        from expression in topology.Item.ObjectsAt("matchLabelExpressions").Index()
        let text = NodeLabelWarnings.Find(expression.Item.StringAt("key"))
        where text is not null
        select $"allowedTopologies[{topology.Index}].matchLabelExpressions[{expression.Index}].key: {text}";

    public static IEnumerable<string> OfCapacity(JsonObject capacity) => NodeLabelWarnings.OfTerm("nodeTopology", capacity.ObjectAt("nodeTopology") ?? [])
        .Concat(from label in capacity.ObjectAt("nodeTopology", "matchLabels") ?? []
                let text = NodeLabelWarnings.Find(label.Key)
                where text is not null
                select $"nodeTopology.matchLabels.{label.Key}: {text}");

    private static string[] OfAnnotation(JsonObject obj) => obj.At("metadata", "annotations", ClassAnnotation) is null
        ? []
        : [$"metadata.annotations[{ClassAnnotation}]: deprecated since v1.8; use \"storageClassName\" attribute instead"];
}
