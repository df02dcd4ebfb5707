using System.CommandLine;

namespace MiniKube.Benchmarks.Encoding;

/// <summary><c>encoding</c>: what it costs to make the type graph, and to read and write an object in each of its forms.</summary>
internal static class EncodingCommand
{
    public static Command Create()
    {
        var samples = new Option<int>("--samples") { Description = "How often each figure is taken.", DefaultValueFactory = _ => 20 };
        var file = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var command = new Command("encoding", "Times the type graph, and a typical pod as JSON, protobuf, YAML and model.");
        command.Options.Add(samples);
        command.Options.Add(file);
        command.SetAction(result => Report.Write(
            "encoding", EncodingBenchmark.Run(result.GetValue(samples)), result.GetValue(file), TimeProvider.System));
        return command;
    }
}
