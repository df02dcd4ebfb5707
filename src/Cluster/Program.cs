return await MiniKube.Cluster.Commands.MkCommand.RunAsync(args);
