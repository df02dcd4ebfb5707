using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MiniKube.TestSupport;

/// <summary>Stops a process in its tracks and lets it go on: what a machine looks like that hangs. And asks one to end, as a supervisor does.</summary>
public static partial class ProcessSignals
{
    // Of Linux, on every architecture that .NET runs on.
    private const int Terminate = 15;
    private const int Stop = 19;
    private const int Continue = 18;

    public static void Pause(this Process process) => Send(process, Stop);

    public static void Resume(this Process process) => Send(process, Continue);

    public static void End(this Process process) => Send(process, Terminate);

    private static void Send(Process process, int signal)
    {
        if (Kill(process.Id, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
