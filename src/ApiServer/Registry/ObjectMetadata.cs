using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Registry;

/// <summary>What the server does to metadata before it stores an object (upstream's rest.BeforeCreate and BeforeUpdate).</summary>
internal static class ObjectMetadata
{
    private static readonly string[] KeptOnUpdate = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"];

    public static JsonObject Of(JsonObject obj) => obj.GetOrAddObject("metadata");

    /// <summary>A timestamp as metav1.Time has it: whole seconds.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>An object without a namespace gets the path's; another one than the path's is refused.</summary>
    public static void EnsureNamespace(JsonObject obj, string @namespace)
    {
        var metadata = Of(obj);
        var given = metadata.StringAt("namespace") ?? "";
        if (given == @namespace)
        {
            return;
        }

        if (@namespace.Length == 0)
        {
            metadata.Remove("namespace");
        }
        else if (given.Length == 0)
        {
            metadata["namespace"] = @namespace;
        }
        else
        {
            throw StatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    /// <summary>The name in the object and the one in the path must be the same.</summary>
    public static void EnsureName(JsonObject obj, string name)
    {
        var metadata = Of(obj);
        var given = metadata.StringAt("name") ?? "";
        if (given.Length == 0)
        {
            metadata["name"] = name;
        }
        else if (given != name)
        {
            throw StatusException.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
        }
    }

    public static void FillForCreate(JsonObject obj, ResourceStrategy strategy, DateTimeOffset now)
    {
        var metadata = Of(obj);
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
        metadata.Remove("generation");
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Timestamp(now);
        if (strategy.HasGeneration)
        {
            metadata["generation"] = 1;
        }
    }

    /// <summary>Keeps what a client can never change. What it must not even try to change is found by <see cref="ObjectMetadataValidation"/>.</summary>
    public static void KeepForUpdate(JsonObject obj, JsonObject old)
    {
        var metadata = Of(obj);
        var kept = Of(old);
        foreach (var name in KeptOnUpdate)
        {
            if (name == "uid" && metadata.StringAt(name) is { Length: > 0 })
            {
                // Validation says that it cannot be changed.
                continue;
            }

            if (kept[name] is { } value)
            {
                metadata[name] = value.DeepClone();
            }
            else if (name is not ("deletionTimestamp" or "deletionGracePeriodSeconds"))
            {
                metadata.Remove(name);
            }
        }

        metadata.Remove("selfLink");
    }

    /// <summary>Puts a field of the metadata back to what it was.</summary>
    public static void Keep(JsonObject obj, JsonObject old, string name)
    {
        Of(obj).Remove(name);
        if (old.At("metadata", name) is { } value)
        {
            Of(obj)[name] = value.DeepClone();
        }
    }

    public static void IncreaseGeneration(JsonObject obj) => Of(obj)["generation"] = (obj.IntegerAt("metadata", "generation") ?? 0) + 1;

    public static bool IsDeleting(JsonObject obj) => obj.At("metadata", "deletionTimestamp") is not null;
}
