using System.Text.Json;
using System.Text.Json.Serialization;

namespace MiniKube.Cluster.Demo;

/// <summary>Writes down all that clients of the load asked and were told, for those who check it: a file of JSON lines a failure, first the attempts and then what informers saw.</summary>
internal sealed partial class LoadJournal(string folder)
{
    public void Write(string failure, ClientLoad load)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(
            Path.Combine(folder, $"{failure}.jsonl"),
            [
                $$"""{"namespace":"{{load.Namespace}}"}""",
                .. load.Attempts.Select(attempt => JsonSerializer.Serialize(attempt, LoadContext.Default.Attempt)),
                .. load.Ranges.Select(range => JsonSerializer.Serialize(range, LoadContext.Default.InformerRange)),
            ]);
    }

    [JsonSourceGenerationOptions(UseStringEnumConverter = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Attempt))]
    [JsonSerializable(typeof(InformerRange))]
    private sealed partial class LoadContext : JsonSerializerContext;
}
