using System.Text.Json;
using System.Text.Json.Serialization;

namespace MiniKube.Cluster.Plans;

/// <summary>Reads and writes <see cref="ClusterSpec"/> as JSON.</summary>
internal static partial class ClusterSpecFile
{
    /// <summary>The spec of a cluster that was made before, or null.</summary>
    public static ClusterSpec? Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllText(file), Context.Default.ClusterSpec) : null;

    public static void Write(string file, ClusterSpec spec)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(spec, Context.Default.ClusterSpec) + "\n");
    }

    [JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(ClusterSpec))]
    private sealed partial class Context : JsonSerializerContext;
}
