using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>Volumes of images, a feature that is off in 1.34: they go as a whole, with what mounts them.</summary>
internal static class ImageVolumes
{
    private static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    public static void Drop(JsonObject spec, JsonObject? oldSpec)
    {
        var names = Of(spec).Select(volume => volume.StringAt("name")).ToHashSet();
        if (names.Count == 0 || Of(oldSpec).Any())
        {
            return;
        }

        RemoveAll(spec, "volumes", volume => volume["image"] is not null);
        foreach (var container in ContainerLists.SelectMany(list => spec.ObjectsAt(list)))
        {
            RemoveAll(container, "volumeMounts", mount => names.Contains(mount.StringAt("name")));
        }
    }

    private static IEnumerable<JsonObject> Of(JsonObject? spec) => spec.ObjectsAt("volumes").Where(volume => volume["image"] is not null);

    private static void RemoveAll(JsonObject parent, string list, Func<JsonObject, bool> isGone)
    {
        if (parent[list] is not JsonArray items)
        {
            return;
        }

        items.RemoveAll(item => item is JsonObject obj && isGone(obj));
        if (items.Count == 0)
        {
            parent.Remove(list);
        }
    }
}
