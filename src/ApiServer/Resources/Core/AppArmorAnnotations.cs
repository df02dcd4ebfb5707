using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>
/// AppArmor profiles said in annotations, as before v1.30: a new pod gets the fields that they stand for (KEP-24). Since v1.34 nothing goes the other way.
/// </summary>
internal static class AppArmorAnnotations
{
    /// <summary>What stands before the name of the container.</summary>
    public const string Prefix = "container.apparmor.security.beta.kubernetes.io/";

    public const string Localhost = "localhost/";

    private const int ProfileLength = 4095;

    private static readonly string[] Lists = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Writes the fields of all containers that have only the annotation.</summary>
    public static void Apply(JsonObject pod)
    {
        foreach (var (container, _, profile) in Unwritten(pod))
        {
            if (profile is not null)
            {
                container.GetOrAddObject("securityContext")["appArmorProfile"] = profile;
            }
        }
    }

    /// <summary>The containers whose annotation no field says yet, with its name and the field, which is null where the annotation is none that upstream knows.</summary>
    public static IReadOnlyList<(JsonObject Container, string Annotation, JsonObject? Profile)> Unwritten(JsonObject pod)
    {
        if (pod.ObjectAt("metadata", "annotations") is not { Count: > 0 } annotations
            || !annotations.Any(annotation => annotation.Key.StartsWith(Prefix, StringComparison.Ordinal))
            || pod.StringAt("spec", "os", "name") == "windows")
        {
            return [];
        }

        var ofPod = pod.At("spec", "securityContext", "appArmorProfile");
        return
        [
            .. from list in Lists
               from container in pod.ObjectsAt("spec", list)
               let name = Prefix + container.StringAt("name")
               where annotations.StringAt(name) is not null && container.At("securityContext", "appArmorProfile") is null
               let profile = Profile(annotations.StringAt(name) ?? "")
               where profile is null || !JsonNode.DeepEquals(profile, ofPod)
               select (container, name, profile),
        ];
    }

    /// <summary>The field that an annotation stands for; null for what is none.</summary>
    public static JsonObject? Profile(string annotation) => annotation switch
    {
        "unconfined" => new JsonObject { ["type"] = "Unconfined" },
        "runtime/default" => new JsonObject { ["type"] = "RuntimeDefault" },
        _ when annotation.StartsWith(Localhost, StringComparison.Ordinal) => OfNode(annotation[Localhost.Length..]),
        _ => null,
    };

    private static JsonObject? OfNode(string profile) => profile.Length is > 0 and <= ProfileLength && profile.Trim() == profile
        ? new JsonObject { ["localhostProfile"] = profile, ["type"] = "Localhost" }
        : null;
}
