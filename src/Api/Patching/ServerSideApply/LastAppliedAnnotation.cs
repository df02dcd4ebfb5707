using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// The annotation in which kubectl's older, client-side apply keeps what it applied. When kubectl applies on the server, what stands there is its own, and it is kept
/// up to date, so that a user may go back.
/// </summary>
internal static class LastAppliedAnnotation
{
    private const string Name = "kubectl.kubernetes.io/last-applied-configuration";
    private const string Kubectl = "kubectl";
    private const int AnnotationsLimit = 256 * 1024;

    /// <summary>The fields that were applied and are still as they were; null when the annotation says nothing, or the manager is not kubectl.</summary>
    public static FieldSet? OwnedBy(string manager, TypedObject live)
    {
        if (manager != Kubectl || live.Object.StringAt("metadata", "annotations", Name) is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            var applied = JsonCodec.Parse(Encoding.UTF8.GetBytes(text));
            if (applied.StringAt("apiVersion") != live.ApiVersion)
            {
                return null;
            }

            AppliedValidation.Check(applied, live.Schema);
            var comparison = FieldComparer.Compare(applied, live.Object, live.Type, ObjectView.Literal);
            return AppliedFields.Of(applied, live.Schema)
                .Difference(comparison.Modified).Difference(comparison.Added).Difference(comparison.Removed);
        }
        catch (Exception error) when (error is DecodeException or FieldSchemaException)
        {
            return null;
        }
    }

    /// <summary>Writes the configuration into the annotation of the result, if it has one and kubectl applies; changes and returns the result.</summary>
    public static JsonObject Update(JsonObject result, JsonObject config, string manager)
    {
        if (manager != Kubectl || result.ObjectAt("metadata", "annotations") is not { } annotations
            || annotations.StringAt(Name) is not { Length: > 0 })
        {
            return result;
        }

        var applied = (JsonObject)config.DeepClone();
        applied.ObjectAt("metadata", "annotations")?.Remove(Name);
        annotations[Name] = Encoding.UTF8.GetString(JsonCodec.Write(applied, null)) + "\n";
        if (annotations.Sum(entry => Encoding.UTF8.GetByteCount(entry.Key) + Encoding.UTF8.GetByteCount(entry.Value?.ToString() ?? "")) > AnnotationsLimit)
        {
            annotations.Remove(Name);
        }

        return result;
    }
}
