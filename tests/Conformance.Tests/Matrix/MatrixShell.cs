using MiniKube.TestSupport;

namespace MiniKube.Conformance.Tests.Matrix;

/// <summary>Runs the commands of one script with kubectl and helm of one version. Commands know their namespace as $NAMESPACE and their node as $NODE.</summary>
internal sealed class MatrixShell(string version, int node, string script, string kubeconfig, string scratch)
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(60);

    private readonly string _namespace = $"{script}-{version.Replace('.', '-')}";
    private readonly string _node = $"node1-{node}";

    // Discovery caches are per version, as on a person's machine.
    private readonly string _home = Path.Combine(scratch, $"home-{version}");

    private IReadOnlyDictionary<string, string> Names => new Dictionary<string, string> { ["namespace"] = _namespace, ["node"] = _node, ["version"] = version.Replace('.', '-') };

    private string ScriptKubeconfig => Path.Combine(_home, $"{script}.kubeconfig");

    private IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["PATH"] = $"{Path.Combine(RepositoryRoot.Path, "artifacts/tools", $"kubectl-{version}")}:{MatrixScript.Tools}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["HOME"] = _home,
        ["KUBECONFIG"] = ScriptKubeconfig,
        ["NAMESPACE"] = _namespace,
        ["NODE"] = _node,
        ["VERSION"] = version,

        // No colours.
        ["TERM"] = "dumb",
    };

    public async Task OpenAsync()
    {
        Directory.CreateDirectory(_home);
        File.Copy(kubeconfig, ScriptKubeconfig);
        (await RunAsync($"kubectl create namespace {_namespace} && kubectl config set-context --current --namespace={_namespace}")).EnsureSuccess();
        await Eventually.GetAsync(_ => RunAsync("kubectl get serviceaccount default"), result => result.ExitCode == 0, WaitLimit, CancellationToken.None);
    }

    public async Task CloseAsync() => (await RunAsync($"kubectl delete namespace {_namespace} --wait=false")).EnsureSuccess();

    /// <summary>Runs a row; what is different from what it expects, or null.</summary>
    public async Task<string?> TryRowAsync(MatrixRow row)
    {
        try
        {
            var result = row.Waits
                ? await Eventually.GetAsync(_ => RunAsync(row.Command), result => IsAsExpected(row, result), WaitLimit, CancellationToken.None)
                : await RunAsync(row.Command);
            return IsAsExpected(row, result) ? null : Difference(row, result.ToString());
        }
        catch (TimeoutException exception)
        {
            return Difference(row, exception.Message);
        }
    }

    private static string Difference(MatrixRow row, string actual) =>
        $"expected exit code {row.ExitCode}\n{string.Join('\n', row.Output)}\n{string.Join('\n', row.Error.Select(line => $"! {line}"))}\nactual:\n{actual}";

    private bool IsAsExpected(MatrixRow row, CommandResult result) =>
        result.ExitCode == row.ExitCode && OutputPattern.Matches(row.Output, result.Output, Names) && OutputPattern.Matches(row.Error, result.Error, Names);

    private Task<CommandResult> RunAsync(string command) => CommandRunner.RunAsync(
        "bash",
        ["-c", command],
        new CommandInput { Environment = Environment, WorkingDirectory = MatrixScript.Manifests, Timeout = CommandLimit },
        CancellationToken.None);
}
