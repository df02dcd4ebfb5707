using System.Collections.Concurrent;
using System.Text.Json.Nodes;

using MiniKube.Api.Schema.Structural;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>
/// The schemas of a definition's versions. Each is read from the definition, which the cache holds anyway, when it is first needed: a thousand definitions
/// that nobody uses cost no more than their text.
/// </summary>
internal sealed class DefinitionSchemas
{
    private readonly ConcurrentDictionary<string, StructuralSchema?> _schemas = new(StringComparer.Ordinal);
    private volatile Func<ReadOnlyMemory<byte>> _definition;

    /// <param name="definition">The definition's JSON.</param>
    public DefinitionSchemas(ReadOnlyMemory<byte> definition) => _definition = () => definition;

    /// <summary>The cached object of the same definition: from now on its bytes are read, so that they are held once.</summary>
    public void Share(CachedObject definition) => _definition = () => definition.Json;

    /// <summary>The schema of a version; null when the definition has none of that name.</summary>
    public StructuralSchema? Find(string version) =>
        _schemas.GetOrAdd(version, name => Text(name) is { } text ? StructuralSchema.Read(text) : null);

    /// <summary>The schema as it was written, descriptions included; read anew each time.</summary>
    public JsonObject? Text(string version) => JsonCodec.Parse(_definition().Span).ObjectsAt("spec", "versions")
        .FirstOrDefault(candidate => candidate.StringAt("name") == version).ObjectAt("schema", "openAPIV3Schema");
}
