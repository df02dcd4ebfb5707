namespace MiniKube.Api.Selectors;

/// <summary>A piece of a label selector.</summary>
internal readonly record struct Token(TokenKind Kind, string Text);
