using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>
/// What a CustomResourceDefinition says of its resources, apart from their schemas: those are large, and most are never needed.
/// </summary>
internal sealed record Definition
{
    public const string Resource = "customresourcedefinitions";
    public const string ApiGroup = "apiextensions.k8s.io";

    /// <summary>Where definitions are stored.</summary>
    public static string Prefix { get; } = StoragePrefixes.Of(ApiGroup, Resource);

    public required string Name { get; init; }

    public required string Group { get; init; }

    /// <summary>The names that were accepted: those that a conflict does not leave to another definition.</summary>
    public required DefinitionNames Names { get; init; }

    public required bool NamespaceScoped { get; init; }

    public required IReadOnlyList<DefinitionVersion> Versions { get; init; }

    /// <summary>Whether its resources are served.</summary>
    public required bool IsEstablished { get; init; }

    /// <summary>Whether it is being deleted, and its objects with it.</summary>
    public required bool IsTerminating { get; init; }

    /// <summary>A hash of everything that the served resources depend on: equal on all servers, another one after a change that matters.</summary>
    public required string Hash { get; init; }

    /// <summary>The version that objects are stored in.</summary>
    public string StorageVersion => Versions.First(version => version.IsStored).Name;

    /// <summary>Reads a stored definition. Throws <see cref="JsonException"/> for what is none.</summary>
    public static Definition Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException)
        {
            throw new JsonException("The stored value is not a CustomResourceDefinition.", error);
        }
    }

    private static Definition Read(JsonElement root)
    {
        var spec = root.GetProperty("spec");
        var status = root.TryGetProperty("status", out var found) ? found : default;
        var isEstablished = HasCondition(status, "Established");
        var isTerminating = HasCondition(status, "Terminating");
        return new Definition
        {
            Name = root.GetProperty("metadata").GetProperty("name").GetString() ?? "",
            Group = spec.GetProperty("group").GetString() ?? "",
            Names = DefinitionNames.Read(isEstablished ? status.GetProperty("acceptedNames") : spec.GetProperty("names")),
            NamespaceScoped = spec.GetProperty("scope").GetString() == "Namespaced",
            Versions = [.. spec.GetProperty("versions").EnumerateArray().Select(DefinitionVersion.Read)],
            IsEstablished = isEstablished,
            IsTerminating = isTerminating,
            Hash = HashOf(spec, status, isEstablished, isTerminating),
        };
    }

    private static bool HasCondition(JsonElement status, string type) =>
        status.ValueKind == JsonValueKind.Object && status.TryGetProperty("conditions", out var conditions) && conditions.ValueKind == JsonValueKind.Array
        && conditions.EnumerateArray().Any(condition =>
            condition.GetProperty("type").ValueEquals(type) && condition.GetProperty("status").ValueEquals("True"));

    private static string HashOf(JsonElement spec, JsonElement status, bool isEstablished, bool isTerminating)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonMarshal.GetRawUtf8Value(spec));
        if (isEstablished)
        {
            hash.AppendData(JsonMarshal.GetRawUtf8Value(status.GetProperty("acceptedNames")));
        }

        hash.AppendData([isEstablished ? (byte)1 : (byte)0, isTerminating ? (byte)1 : (byte)0]);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
