using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.Api.Patching;

/// <summary>RFC 6902, with upstream's limits: 10,000 operations, and 3 MiB of values copied within the document (CVE-2019-1002100).</summary>
public static class JsonPatch
{
    public const int MaximumOperations = 10_000;
    public const int MaximumCopiedBytes = 3 * 1024 * 1024;

    /// <summary>Gives a patched copy.</summary>
    /// <exception cref="StatusException">BadRequest for what is no patch, 413 for too many operations, 422 when one cannot be done.</exception>
    public static JsonObject Apply(JsonObject document, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
        {
            throw NotDecodable(patch, "Patch");
        }

        if (operations.Count > MaximumOperations)
        {
            throw StatusException.RequestEntityTooLarge(
                $"The allowed maximum operations in a JSON patch is {MaximumOperations}, got {operations.Count}");
        }

        JsonNode? root = document.DeepClone();
        var copied = 0;
        foreach (var item in operations)
        {
            root = ApplyOne(root, item as JsonObject ?? throw NotDecodable(item, "Operation"), ref copied);
        }

        return root as JsonObject ?? throw StatusException.Unprocessable();
    }

    private static JsonNode? ApplyOne(JsonNode? root, JsonObject operation, ref int copied)
    {
        var path = JsonPointer.Parse(operation.StringAt("path") ?? throw StatusException.Unprocessable());
        switch (operation.StringAt("op"))
        {
            case "add" or "replace" when path.IsRoot:
                return Value(operation);
            case "add":
                path.Add(root, Value(operation));
                return root;
            case "replace":
                path.Replace(root, Value(operation));
                return root;
            case "remove":
                path.Remove(root);
                return root;
            case "move":
                Move(root, From(operation), path);
                return root;
            case "copy":
                Copy(root, From(operation), path, ref copied);
                return root;
            case "test":
                Test(root, path, operation["value"]);
                return root;
            default:
                throw StatusException.Unprocessable();
        }
    }

    private static void Move(JsonNode? root, JsonPointer from, JsonPointer path)
    {
        // A value cannot move into itself.
        if (path.IsBelow(from))
        {
            throw StatusException.Unprocessable();
        }

        path.Add(root, from.Remove(root));
    }

    private static void Copy(JsonNode? root, JsonPointer from, JsonPointer path, ref int copied)
    {
        if (!from.TryGet(root, out var value))
        {
            throw StatusException.Unprocessable();
        }

        copied += Encoding.UTF8.GetByteCount(value?.ToJsonString() ?? "null");
        if (copied > MaximumCopiedBytes)
        {
            throw StatusException.Unprocessable();
        }

        path.Add(root, value?.DeepClone());
    }

    private static void Test(JsonNode? root, JsonPointer path, JsonNode? expected)
    {
        // As upstream's library does, an absent value passes for null.
        path.TryGet(root, out var value);
        if (!JsonNode.DeepEquals(value, expected))
        {
            throw StatusException.Unprocessable();
        }
    }

    private static JsonPointer From(JsonObject operation) =>
        JsonPointer.Parse(operation.StringAt("from") ?? throw StatusException.Unprocessable());

    private static JsonNode? Value(JsonObject operation) => operation.TryGetPropertyValue("value", out var value)
        ? value?.DeepClone()
        : throw StatusException.Unprocessable();

    private static StatusException NotDecodable(JsonNode? node, string type) =>
        StatusException.BadRequest($"json: cannot unmarshal {GoFormat.JsonType(node)} into Go value of type jsonpatch.{type}");
}
