using System.CommandLine;

using MiniKube.Benchmarks.Authorization;
using MiniKube.Benchmarks.Clients;
using MiniKube.Benchmarks.Encoding;
using MiniKube.Benchmarks.FirstLight;
using MiniKube.Benchmarks.Load;
using MiniKube.Benchmarks.Names;
using MiniKube.Benchmarks.Pods;

var root = new RootCommand("Measures MiniKube. Every figure that the project claims comes from here.");
root.Subcommands.Add(FirstLightCommand.Create());
root.Subcommands.Add(EncodingCommand.Create());
root.Subcommands.Add(AuthorizationCommand.Create());
root.Subcommands.Add(ClientsCommand.Create());
root.Subcommands.Add(LoadCommand.Create());
root.Subcommands.Add(PodsCommand.Create());
root.Subcommands.Add(NamesCommand.Create());
return await root.Parse(args).InvokeAsync(cancellationToken: CancellationToken.None);
