namespace MiniKube.Kubelet.Streaming.Commands;

/// <summary>What a client joins with a process. What it did not ask for is null.</summary>
/// <param name="Stdin">Read until its end: then the process hears the end of its input.</param>
/// <param name="Stdout">Where the process's output goes.</param>
/// <param name="Stderr">Where its errors go; null with a terminal, which has only one output.</param>
/// <param name="Sizes">Of the client's terminal, as they change.</param>
internal sealed record CommandStreams(Stream? Stdin, Stream? Stdout, Stream? Stderr, IAsyncEnumerable<TerminalSize>? Sizes);
