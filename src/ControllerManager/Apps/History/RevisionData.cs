using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Serialization;

namespace MiniKube.ControllerManager.Apps.History;

/// <summary>
/// What a revision holds: the strategic merge patch that brings its template back. kubectl compares it byte by byte with what it makes of a workload, and applies it to undo a rollout.
/// </summary>
internal static class RevisionData
{
    /// <summary>Keys sorted, as Go writes maps.</summary>
    public static string Of(V1PodTemplateSpec? template)
    {
        var json = JsonCodec.Parse(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(template ?? new V1PodTemplateSpec())));
        json["$patch"] = "replace";
        return Text(new JsonObject { ["spec"] = new JsonObject { ["template"] = json } });
    }

    public static string Of(V1ControllerRevision revision) => Text(Node(revision));

    /// <summary>The template that a revision brings back; null when it holds none.</summary>
    public static V1PodTemplateSpec? Template(V1ControllerRevision revision)
    {
        if (Node(revision).ObjectAt("spec", "template") is not { } template)
        {
            return null;
        }

        template.Remove("$patch");
        return ModelCodec.ToModel<V1PodTemplateSpec>(template);
    }

    public static JsonElement Element(string data) => JsonSerializer.Deserialize<JsonElement>(data);

    // The field takes anything; only an object can be a patch.
    private static JsonObject Node(V1ControllerRevision revision) =>
        revision.Data is JsonElement { ValueKind: JsonValueKind.Object } element ? JsonObject.Create(element)! : [];

    private static string Text(JsonObject data) => Encoding.UTF8.GetString(JsonCodec.Write(data, null));
}
