using System.Text.Json.Serialization;

namespace MiniKube.Cluster.Raft;

/// <summary>How entries, snapshots and states are written. By metadata: the code that the generator makes for writing alone writes bytes that are null as "".</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(KeyChange))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, byte[]>))]
[JsonSerializable(typeof(Dictionary<string, byte[]>))]
[JsonSerializable(typeof(RaftMemberState))]
internal sealed partial class RaftJson : JsonSerializerContext;
