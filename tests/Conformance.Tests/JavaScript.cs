using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests;

/// <summary>
/// Runs scripts of the folder JavaScript with the Kubernetes client for JavaScript. The client asks for a newer Node.js than Debian has: npm brings both
/// (eng/install-javascript).
/// </summary>
public sealed class JavaScript(string kubeconfig)
{
    private static readonly string Source = Path.Combine(RepositoryRoot.Path, "tests/Conformance.Tests/JavaScript");
    private static readonly string Installed = Path.Combine(RepositoryRoot.Path, "artifacts/tools/javascript");

    /// <summary>Runs a script; it finds its namespace as NAMESPACE.</summary>
    public Task<CommandResult> RunAsync(string script, string ns)
    {
        // Modules are looked for beside the script.
        var path = Path.Combine(Installed, script);
        File.Copy(Path.Combine(Source, script), path, overwrite: true);
        return CommandRunner.RunAsync(
            Path.Combine(Installed, "node_modules/.bin/node"),
            [path],
            new CommandInput
            {
                Environment = new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfig, ["NAMESPACE"] = ns },
                Timeout = TimeSpan.FromMinutes(2),
            },
            TestContext.Current.CancellationToken);
    }
}
