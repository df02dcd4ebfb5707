using System.Collections;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MiniKube.Cluster.Shell;

/// <summary>Becomes another program: its terminal, signals and exit code are the user's own, with nothing of ours in between.</summary>
internal static partial class ProcessImage
{
    private const int SigPipe = 13;

    /// <summary>Replaces this process by a program (found on PATH). Returns only by throwing.</summary>
    public static int Replace(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        // The runtime ignores SIGPIPE, and what is ignored stays so after exec: a pipeline's left side would never end.
        Signal(SigPipe, 0);
        string?[] arrayOfArguments = [program, .. arguments, null];
        string?[] arrayOfVariables = [.. environment.Select(variable => $"{variable.Key}={variable.Value}"), null];
        _ = Execute(program, arrayOfArguments, arrayOfVariables);
        throw new ClusterException($"{program} could not be run: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    [LibraryImport("libc", EntryPoint = "execvpe", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string file, string?[] arguments, string?[] environment);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}
