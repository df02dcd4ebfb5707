namespace MiniKube.Overlay.Subnets;

/// <summary>What was configured cannot be done. The message is for the person who configured it.</summary>
internal sealed class ConfigException(string message, Exception? innerException = null) : Exception(message, innerException);
