using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.ControllerManager.Apps.History;

namespace MiniKube.ControllerManager.Apps.Deployments;

/// <summary>Tells pod templates apart: which ReplicaSet has the deployment's, and the hash that names one.</summary>
internal static class PodTemplates
{
    public const string HashLabel = "pod-template-hash";

    /// <summary>The oldest, should there be several: a cluster where something went wrong once always goes on with the same.</summary>
    public static V1ReplicaSet? FindNew(V1Deployment deployment, IEnumerable<V1ReplicaSet> replicaSets)
    {
        var wanted = WithoutHash(deployment.Spec?.Template);
        return replicaSets.Order(ByCreation.Instance).FirstOrDefault(
            replicaSet => JsonNode.DeepEquals(wanted, WithoutHash(replicaSet.Spec?.Template)));
    }

    public static bool AreEqual(V1PodTemplateSpec? x, V1PodTemplateSpec? y) => JsonNode.DeepEquals(WithoutHash(x), WithoutHash(y));

    /// <summary>The same template always hashes alike; the count of collisions makes another hash of it.</summary>
    public static string Hash(V1PodTemplateSpec? template, int? collisions) => NameHash.Of(WithoutHash(template)?.ToJsonString() ?? "", collisions);

    private static JsonNode? WithoutHash(V1PodTemplateSpec? template)
    {
        var json = template is null ? null : JsonNode.Parse(KubernetesJson.Serialize(template));
        var labels = json?["metadata"]?["labels"] as JsonObject;
        labels?.Remove(HashLabel);
        // No label but the hash, and no metadata but that: as if there had been none.
        if (labels is { Count: 0 })
        {
            json!["metadata"]!.AsObject().Remove("labels");
        }

        if (json?["metadata"] is JsonObject { Count: 0 })
        {
            json.AsObject().Remove("metadata");
        }

        return json;
    }
}
