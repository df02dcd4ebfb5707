using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MiniKube.Hosting;

/// <summary>
/// Makes sockets that live in another network namespace. A socket belongs to the namespace in which it was made, whichever thread uses it later; a thread belongs to the
/// namespace of the thread that started it. So only a bare descriptor is made over there, on a thread of its own that comes back before anything else may start there.
/// </summary>
/// <param name="file">The namespace, such as <c>/proc/1/ns/net</c>.</param>
public sealed partial class NetworkNamespace(string file)
{
    private const int CloneNewNet = 0x40000000;
    private const int InterNetwork = 2;
    private const int InterNetworkV6 = 10;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;

    /// <summary>A TCP socket of that namespace, not yet bound or connected.</summary>
    public Socket CreateSocket(AddressFamily family = AddressFamily.InterNetwork)
    {
        var descriptor = -1;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                descriptor = CreateThere(family == AddressFamily.InterNetworkV6 ? InterNetworkV6 : InterNetwork);
            }
            catch (Exception exception) when (exception is IOException or Win32Exception or UnauthorizedAccessException)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null
            ? new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))
            : throw new IOException($"No socket in the network namespace {file}: {failure.Message}", failure);
    }

    private int CreateThere(int domain)
    {
        using var here = File.OpenHandle("/proc/thread-self/ns/net");
        using var there = File.OpenHandle(file);
        Check(Enter((int)there.DangerousGetHandle(), CloneNewNet));
        try
        {
            return Check(Create(domain, Stream | CloseOnExec, 0));
        }
        finally
        {
            Check(Enter((int)here.DangerousGetHandle(), CloneNewNet));
        }
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int Enter(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Create(int domain, int type, int protocol);
}
