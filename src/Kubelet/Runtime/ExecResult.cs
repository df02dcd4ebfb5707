namespace MiniKube.Kubelet.Runtime;

/// <summary>How a command in a container ended. Output is what it wrote to both streams, at most 10 KiB of it.</summary>
internal sealed record ExecResult(long ExitCode, string Output);
