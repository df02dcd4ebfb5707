using System.CommandLine;

using MiniKube.Benchmarks.Clients;
using MiniKube.Benchmarks.Encoding;
using MiniKube.Benchmarks.FirstLight;

var root = new RootCommand("Measures MiniKube. Every figure that the project claims comes from here.");
root.Subcommands.Add(FirstLightCommand.Create());
root.Subcommands.Add(EncodingCommand.Create());
root.Subcommands.Add(ClientsCommand.Create());
return await root.Parse(args).InvokeAsync(cancellationToken: CancellationToken.None);
