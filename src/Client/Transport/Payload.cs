using k8s.Models;

namespace MiniKube.Client.Transport;

/// <summary>The body of a request. It is bytes, so that it can be sent again.</summary>
internal sealed record Payload(byte[] Body, string MediaType)
{
    public static Payload Of(object value) => new(ModelJson.Serialize(value), MediaTypes.Json);

    public static Payload Of(V1Patch patch)
    {
        var body = patch.Content is string text ? System.Text.Encoding.UTF8.GetBytes(text) : ModelJson.Serialize(patch.Content);
        return new Payload(body, patch.Type switch
        {
            V1Patch.PatchType.JsonPatch => "application/json-patch+json",
            V1Patch.PatchType.MergePatch => "application/merge-patch+json",
            V1Patch.PatchType.StrategicMergePatch => "application/strategic-merge-patch+json",
            V1Patch.PatchType.ApplyPatch => "application/apply-patch+yaml",
            var type => throw new ArgumentException($"There is no media type for a patch of type {type}."),
        });
    }
}
